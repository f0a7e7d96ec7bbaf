import { createActions } from '#lab/web/actions.ts'
import type { LineStyle } from '#lab/web/charts/line-style.ts'
import { el, prose, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { ExperimentView, Recording, RunView } from '#lab/wire/experiments.ts'
import { plannedCharts } from './charted-series.ts'
import { createRunCharts } from './charts.ts'
import { createEarlier } from './earlier.ts'
import { createPredict } from './predict.ts'
import { createProgress } from './progress.ts'
import { runActions } from './run-actions.ts'
import { runStatusWords, secondsSince, secondsTaken } from './run-words.ts'
import { shownCharts, type RunMoment } from './shown-charts.ts'
import { createVerdict, type VerdictSection } from './verdict.ts'
import '#lab/web/bench.css'
import './sheet.css'

export interface SheetView extends RunMoment {
  /** Why the run in the address cannot be shown. */
  whyUnavailable: string | null
  /** The running experiment, which keeps this one from starting. */
  busyWith: { id: string, title: string } | null
  /** All runs of this experiment, newest first. */
  runs: RunView[]
  styleOf: (service: string) => LineStyle
}

export interface SheetListeners {
  start: (prediction: string | null) => Promise<string | null>
  cancel: (run: RunView) => Promise<string | null>
}

/** One experiment: question, prediction, run, verdict. */
export function createSheet (
  experiment: ExperimentView, { start, cancel }: SheetListeners
): { element: HTMLElement, update (view: SheetView): void } {
  const predict = createPredict(experiment, onChoose)
  const actions = createActions({
    run: { ask: () => start(predict.chosen()) },
    cancel: { ask: async () => shown?.run ? await cancel(shown.run) : null, isLasting: true },
    verdict: { ask: async () => reveal(verdict) }
  }, showActions)
  const progress = createProgress(experiment)
  const verdict = createVerdict(experiment)
  const earlier = createEarlier()
  const charts = createSheetCharts(experiment)
  const notes = createNotes(experiment)
  const does = el('p', 'does', ...prose(experiment.does))
  const ask = el('section', 'panel ask', predict.element, does, actions.element, progress.element)
  const bench = el('div', 'bench', ask, charts.element)
  const element = el('article', 'sheet', headOf(experiment), notes.problem, bench, verdict.element, notes.hints,
    earlier.element, notes.news)
  let shown: SheetView | null = null

  function onChoose (): void {
    actions.forget()
    showActions()
  }

  function showActions (): void {
    const { run = null, busyWith = null } = shown ?? {}
    const isChosen = predict.chosen() !== null
    actions.update(runActions({ run, isBusy: busyWith !== null, isChosen, pressed: actions.pressed() }),
      run === null && busyWith ? otherOf(busyWith) : null)
  }

  function update (view: SheetView): void {
    const { run, runs } = view
    if (run?.id !== shown?.run?.id) actions.forget()
    shown = view
    predict.update(run)
    showActions()
    progress.update(run, run ? elapsedOf(run, view) : 0)
    charts.update(view)
    verdict.update(run)
    notes.update(view)
    earlier.element.hidden = run?.state === 'running'
    if (run?.state !== 'running') earlier.update(runs.filter(({ state }) => state !== 'running'), run?.id ?? null)
  }

  return { element, update }
}

function reveal ({ heading, element }: VerdictSection): null {
  heading.focus()
  element.scrollIntoView()
  return null
}

function otherOf ({ id, title }: NonNullable<SheetView['busyWith']>) {
  const href = hashOf({ view: 'experiment', id, runId: null })
  return { title, href, why: 'is running, and there is one run at a time.' }
}

function elapsedOf (run: RunView, { recording, now }: SheetView): number | null {
  return run.state === 'running' ? secondsSince(run, now) : secondsTaken(run, recording)
}

function headOf ({ title, question }: ExperimentView): HTMLElement {
  const back = el('a', 'back', 'All experiments')
  back.href = '#experiments'
  const heading = el('h2', '', ...prose(question))
  heading.tabIndex = -1
  return el('header', '', el('p', 'crumbs', back, el('span', '', title)), heading)
}

const NO_CHARTS = 'There is nothing to chart: this experiment asks questions, and no counter answers them.'

/** The charts of a sheet, or a sentence where the experiment watches no counter. */
function createSheetCharts (experiment: ExperimentView): { element: HTMLElement, update (view: SheetView): void } {
  const plan = plannedCharts(experiment.watches)
  const host = plan.length > 0 ? el('div', 'timelines') : el('p', 'nothing', NO_CHARTS)
  const charts = createRunCharts(host, plan)
  let drawn: Recording | string | null = null

  return {
    element: el('section', 'seen', el('h3', '', 'What the kernel counts'), host),
    /** What was drawn during a run stays until its readings are loaded. Those do not change, so they are drawn once. */
    update (view) {
      const settled = view.run === null || view.run.state === 'running' ? null : view.recording ?? view.run.id
      if (settled !== null && settled === drawn) return
      charts.update({ ...shownCharts(plan, experiment.seconds, view), styleOf: view.styleOf })
      drawn = settled ?? view.run?.id ?? null
    }
  }
}

/** What stands around a run: why it cannot be shown, hints after it, and its state for screen readers. */
function createNotes ({ ifYouSawSomethingElse }: ExperimentView) {
  const problem = el('p', 'problem')
  const hintList = el('ul', '', ...ifYouSawSomethingElse.map(text => el('li', '', ...prose(text))))
  const hints = el('section', 'hints', el('h3', '', 'If you saw something else'), hintList)
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

function newsOf (run: RunView | null): string {
  if (run === null) return ''
  return run.state === 'running' ? run.phase ?? '' : `${runStatusWords(run)}: ${run.verdict?.summary ?? ''}`
}
