import { formatMoment } from '#lab/format.ts'
import { el, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import { foresightWords } from './run-words.ts'
import { showStanding } from './standing.ts'

/** The runs of one experiment that ended, newest first, to look at again. */
export function createEarlier (): { element: HTMLElement, update (runs: RunView[], shownId: string | null): void } {
  const body = el('tbody')
  const head = ['Begun', 'Verdict', 'Prediction'].map(title => { const th = el('th', '', title); th.scope = 'col'; return th })
  const caption = el('caption', 'hidden', 'Earlier runs, newest first')
  const element = el('section', 'earlier', el('h3', '', 'Runs so far'), el('div', 'panel', el('table', '', caption, el('thead', '', el('tr', '', ...head)), body)))

  return {
    element,
    update (runs, shownId) {
      element.hidden = runs.length === 0
      for (const [i, row] of keepChildren(body, runs, ({ id }) => id, earlierRow).entries()) {
        const run = runs[i]!
        const [begun, verdict, prediction] = [...row.children] as [HTMLElement, HTMLElement, HTMLElement]
        const link = begun.firstElementChild!
        if (run.id === shownId) setAttribute(link, 'aria-current', 'true')
        else link.removeAttribute('aria-current')
        showStanding(verdict, run)
        setText(prediction, foresightWords(run))
      }
    }
  }
}

function earlierRow ({ id, experiment, startedAt }: RunView): HTMLElement {
  const link = el('a', '', formatMoment(startedAt))
  link.href = hashOf({ view: 'experiment', id: experiment, runId: id })
  return el('tr', '', el('td', 'begun', link), el('td', 'standing'), el('td', 'foresight'))
}
