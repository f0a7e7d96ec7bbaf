import { formatMoment } from '#lab/format.ts'
import { el, headRow, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import { predictionWords } from './run-words.ts'
import { showRunStatus } from './verdict.ts'

/** The ended runs of one experiment, newest first, each with a link to it. */
export function createEarlier (): { element: HTMLElement, update (runs: RunView[], shownId: string | null): void } {
  const body = el('tbody')
  const caption = el('caption', 'hidden', 'Earlier runs, newest first')
  const head = el('thead', '', headRow(['Started', 'Verdict', 'Prediction']))
  const panel = el('div', 'panel', el('table', '', caption, head, body))
  const element = el('section', 'earlier', el('h3', 'part', 'Runs so far'), panel)

  return {
    element,
    update (runs, shownId) {
      element.hidden = runs.length === 0
      const rows = keepChildren(body, runs, ({ id }) => id, earlierRow)
      for (const [i, row] of rows.entries()) showRow(row, runs[i]!, shownId)
    }
  }
}

function earlierRow ({ id, experiment, startedAt }: RunView): HTMLElement {
  const link = el('a', '', formatMoment(startedAt))
  link.href = hashOf({ view: 'experiment', id: experiment, runId: id })
  return el('tr', '', el('td', 'started', link), el('td', 'run-status'), el('td', 'prediction'))
}

function showRow (row: HTMLElement, run: RunView, shownId: string | null): void {
  const [started, verdict, prediction] = [...row.children] as [HTMLElement, HTMLElement, HTMLElement]
  const link = started.firstElementChild!
  if (run.id === shownId) setAttribute(link, 'aria-current', 'true')
  else link.removeAttribute('aria-current')
  showRunStatus(verdict, run)
  setText(prediction, predictionWords(run))
}
