import { el, headRow, prose, shape } from '#lab/web/dom.ts'
import { runPath } from '#lab/web/requests.ts'
import type { Check, ExperimentView, RunView } from '#lab/wire/experiments.ts'
import type { PanelPlace } from './panel-place.ts'
import {
  checkOutcome,
  checkWords,
  comparison,
  endingWords,
  exportName,
  runStatus,
  runStatusWords
} from './run-words.ts'

/** Shows the status of a run as a shape and a word. It is drawn again only when it has changed. */
export function showRunStatus (host: HTMLElement, run: RunView | null): void {
  const status = runStatus(run)
  const words = runStatusWords(run)
  if (host.dataset['status'] === status && host.textContent === words) return
  host.dataset['status'] = status
  host.replaceChildren(shape(status), words)
}

type VerdictPlace = Pick<PanelPlace, 'key' | 'heading' | 'again' | 'awaited'>

export interface VerdictSection { element: HTMLElement, heading: HTMLElement, update (run: RunView | null): void }

/**
 * The result of a run: outcome, prediction, and every check with its source. It is drawn once for each run, because a
 * verdict does not change.
 */
export function createVerdict (
  experiment: ExperimentView, { key, heading: level, again, awaited }: VerdictPlace
): VerdictSection {
  const heading = el(level, 'part', 'Verdict')
  heading.id = `verdict-title${key}`
  heading.tabIndex = -1
  const body = el('div', 'panel')
  const element = el('section', 'verdict', heading, body)
  element.setAttribute('aria-labelledby', heading.id)
  let shown: string | null = null

  return {
    element,
    heading,
    update (run) {
      element.hidden = run === null || (run.state === 'running' && awaited === null)
      const key = run && `${run.id} ${run.state}`
      if (key === shown) return
      shown = key
      if (run?.state === 'running') body.replaceChildren(el('p', 'nothing', awaited ?? ''))
      else body.replaceChildren(...(run ? contents(experiment, run, again) : []))
    }
  }
}

function contents (experiment: ExperimentView, run: RunView, again: HTMLElement): HTMLElement[] {
  const outcome = el('p', 'run-status')
  showRunStatus(outcome, run)
  const summary = el('p', 'summary', ...prose(run.verdict?.summary ?? endingWords(run)))
  return [
    el('div', 'top', outcome, summary),
    ...comparisonList(experiment, run),
    ...(run.verdict && run.verdict.checks.length > 0 ? [checksTable(run.verdict.checks)] : []),
    el('div', 'after', again, download(run))
  ]
}

function comparisonList (experiment: ExperimentView, run: RunView): HTMLElement[] {
  const compared = comparison(experiment, run)
  if (compared.length === 0) return []
  const items = compared.map(({ term, text }) => el('div', '', el('dt', '', term), el('dd', '', ...prose(text))))
  return [el('dl', 'compared', ...items)]
}

function checksTable (checks: Check[]): HTMLElement {
  const caption = el('caption', 'hidden', 'Every check of the verdict')
  const head = el('thead', '', headRow(['What must be true', 'What was seen', 'Source', 'Holds']))
  return el('table', 'checks', caption, head, el('tbody', '', ...checks.map(checkRow)))
}

function checkRow (check: Check): HTMLElement {
  const claim = el('th', 'claim', ...prose(check.claim))
  claim.scope = 'row'
  const saw = el('td', 'saw', ...prose(check.saw))
  const source = el('td', 'source', el('code', '', check.source))
  const outcome = el('td', 'holds', shape(checkOutcome(check)), checkWords(check))
  const row = el('tr', '', claim, saw, source, outcome)
  row.dataset['outcome'] = checkOutcome(check)
  return row
}

/** The export has all readings, so that anybody can judge the run again. */
function download (run: RunView): HTMLElement {
  const link = el('a', '', 'Export this run as JSON')
  link.href = runPath(run.id)
  link.download = exportName(run)
  return link
}
