import { el, prose, shape } from '#lab/web/dom.ts'
import { runPath } from '#lab/web/requests.ts'
import { hashOf } from '#lab/web/route.ts'
import type { Check, ExperimentView, RunView } from '#lab/wire/experiments.ts'
import { checkOutcome, checkWords, comparison, endingWords, exportName } from './run-words.ts'
import { showStanding } from './standing.ts'

/**
 * What became of a run: outcome, prediction, and every check with its source. Drawn once for each run: a verdict does
 * not change.
 */
export function createVerdict (experiment: ExperimentView): { element: HTMLElement, heading: HTMLElement, update (run: RunView | null): void } {
  const heading = el('h3', '', 'Verdict')
  heading.id = 'verdict-title'
  heading.tabIndex = -1
  const body = el('div', 'panel')
  const element = el('section', 'verdict', heading, body)
  element.setAttribute('aria-labelledby', heading.id)
  let shown: string | null = null

  return {
    element,
    heading,
    update (run) {
      const ended = run !== null && run.state !== 'running' ? run : null
      element.hidden = ended === null
      const key = ended && `${ended.id} ${ended.state}`
      if (key === shown) return
      shown = key
      body.replaceChildren(...(ended ? contents(experiment, ended) : []))
    }
  }
}

function contents (experiment: ExperimentView, run: RunView): HTMLElement[] {
  const outcome = el('p', 'standing')
  showStanding(outcome, run)
  const top = el('div', 'top', outcome, el('p', 'summary', ...prose(run.verdict?.summary ?? endingWords(run))))
  const compared = comparison(experiment, run)
  const parts: HTMLElement[] = [top]
  if (compared.length > 0) parts.push(el('dl', 'compared', ...compared.map(({ term, text }) => el('div', '', el('dt', '', term), el('dd', '', ...prose(text))))))
  if (run.verdict && run.verdict.checks.length > 0) parts.push(checksTable(run.verdict.checks))
  parts.push(el('div', 'after', again(experiment), download(run)))
  return parts
}

function checksTable (checks: Check[]): HTMLElement {
  const head = ['What must be so', 'What was seen', 'Where it stands', 'Holds'].map(title => { const th = el('th', '', title); th.scope = 'col'; return th })
  const caption = el('caption', 'hidden', 'Every check of the verdict')
  return el('table', 'checks', caption, el('thead', '', el('tr', '', ...head)), el('tbody', '', ...checks.map(checkRow)))
}

function checkRow (check: Check): HTMLElement {
  const claim = el('th', 'claim', ...prose(check.claim))
  claim.scope = 'row'
  const outcome = el('td', 'holds', shape(checkOutcome(check)), checkWords(check))
  const row = el('tr', '', claim, el('td', 'saw', ...prose(check.saw)), el('td', 'source', el('code', '', check.source)), outcome)
  row.dataset['outcome'] = checkOutcome(check)
  return row
}

function again ({ id }: ExperimentView): HTMLElement {
  const link = el('a', 'button', 'Predict and run again')
  link.href = hashOf({ view: 'experiment', id, runId: null })
  return link
}

/** With all readings: whoever has them can judge again. */
function download (run: RunView): HTMLElement {
  const link = el('a', '', 'Export this run as JSON')
  link.href = runPath(run.id)
  link.download = exportName(run)
  return link
}
