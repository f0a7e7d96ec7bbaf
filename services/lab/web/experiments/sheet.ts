import { el, prose, setText } from '#lab/web/dom.ts'
import type { Chapter } from '#lab/web/learn/chapters.ts'
import { chapterLink } from '#lab/web/learn/why.ts'
import { hashOf } from '#lab/web/route.ts'
import type { ExperimentView, RunView } from '#lab/wire/experiments.ts'
import { createExperimentPanel, type PanelListeners, type PanelView } from './experiment-panel.ts'
import { createEarlier } from './earlier.ts'
import { runStatusWords } from './run-words.ts'
import './sheet.css'

export interface SheetView extends PanelView {
  /** Why the run in the address cannot be shown. */
  whyUnavailable: string | null
  /** All runs of this experiment, newest first. */
  runs: RunView[]
}

/** One experiment: question, prediction, run, verdict. `chapter`: the one that explains it. */
export function createSheet (
  experiment: ExperimentView, chapter: Chapter | null, listeners: PanelListeners
): { element: HTMLElement, update (view: SheetView): void } {
  const panel = createExperimentPanel(experiment, listeners, {
    key: '', heading: 'h3', again: again(experiment), awaited: null, aside: chapter ? [' ', chapterLink(chapter)] : []
  })
  const earlier = createEarlier()
  const notes = createNotes(experiment)
  const element = el('article', 'sheet', headOf(experiment), notes.problem, panel.element, panel.verdict, notes.hints,
    earlier.element, notes.news)

  return {
    element,
    update (view) {
      const { run, runs } = view
      panel.update(view)
      notes.update(view)
      earlier.element.hidden = run?.state === 'running'
      if (run?.state !== 'running') earlier.update(runs.filter(({ state }) => state !== 'running'), run?.id ?? null)
    }
  }
}

function again ({ id }: ExperimentView): HTMLElement {
  const link = el('a', 'button', 'Predict and run again')
  link.href = hashOf({ view: 'experiment', id, runId: null })
  return link
}

function headOf ({ title, question }: ExperimentView): HTMLElement {
  const back = el('a', 'back', 'All experiments')
  back.href = '#experiments'
  const heading = el('h2', '', ...prose(question))
  heading.tabIndex = -1
  return el('header', '', el('p', 'crumbs', back, el('span', '', title)), heading)
}

/** What stands around a run: why it cannot be shown, hints after it, and its state for screen readers. */
function createNotes ({ ifYouSawSomethingElse }: ExperimentView) {
  const problem = el('p', 'problem')
  const hintList = el('ul', '', ...ifYouSawSomethingElse.map(text => el('li', '', ...prose(text))))
  const hints = el('section', 'hints', el('h3', 'part', 'If you saw something else'), hintList)
  const news = el('p', 'hidden')
  news.setAttribute('role', 'status')

  function update ({ run, whyUnavailable }: SheetView): void {
    problem.hidden = whyUnavailable === null
    setText(problem, whyUnavailable ?? '')
    hints.hidden = run === null || run.state === 'running' || ifYouSawSomethingElse.length === 0
    setText(news, newsOf(run))
  }

  return { problem, hints, news, update }
}

/** What a screen reader reads out when a run has come further. */
export function newsOf (run: RunView | null): string {
  if (run === null) return ''
  return run.state === 'running' ? run.phase ?? '' : `${runStatusWords(run)}: ${run.verdict?.summary ?? ''}`
}
