import { createActions } from '#lab/web/actions.ts'
import type { LineStyle } from '#lab/web/charts/legend.ts'
import { el, prose, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { ExperimentView, Recording, RunView } from '#lab/wire/experiments.ts'
import { plannedCharts } from './charted-series.ts'
import { createRunCharts } from './charts.ts'
import { createEarlier } from './earlier.ts'
import { createPredict } from './predict.ts'
import { createProgress } from './progress.ts'
import { runActions } from './run-actions.ts'
import { secondsSince, secondsTaken, standingWords } from './run-words.ts'
import { shownCharts, type RunMoment } from './shown-charts.ts'
import { createVerdict } from './verdict.ts'
import '#lab/web/bench.css'
import './sheet.css'

export interface SheetView extends RunMoment {
  /** Why the run that was asked for is not here. */
  isLost: string | null
  /** Another one that keeps this one from starting. */
  busyWith: { id: string, title: string } | null
  /** All of this experiment, newest first. */
  runs: RunView[]
  styleOf: (service: string) => LineStyle
}

export interface SheetListeners {
  start: (prediction: string | null) => Promise<string | null>
  cancel: (run: RunView) => Promise<string | null>
}

/** One experiment: question, prediction, run, verdict. */
export function createSheet (experiment: ExperimentView, { start, cancel }: SheetListeners): { element: HTMLElement, update (view: SheetView): void } {
  const predict = createPredict(experiment, () => { actions.forget(); showActions() })
  const actions = createActions({
    run: { ask: () => start(predict.chosen()) },
    cancel: { ask: async () => shown?.run ? await cancel(shown.run) : null, isLasting: true },
    verdict: { ask: async () => { verdict.heading.focus(); verdict.element.scrollIntoView(); return null } }
  }, showActions)
  const progress = createProgress(experiment)
  const verdict = createVerdict(experiment)
  const earlier = createEarlier()
  const chartsHost = el('div', 'timelines')
  const plan = plannedCharts(experiment.watches)
  const charts = createRunCharts(chartsHost, plan)
  const hints = hintsOf(experiment)
  const lost = el('p', 'lost')
  const news = el('p', 'hidden')
  news.setAttribute('role', 'status')
  const element = el('article', 'sheet',
    headOf(experiment),
    lost,
    el('div', 'bench',
      el('section', 'panel ask', predict.element, el('p', 'does', ...prose(experiment.does)), actions.element, progress.element),
      el('section', 'seen', el('h3', '', 'What the kernel counts'), plan.length > 0 ? chartsHost : el('p', 'nothing', 'Nothing to watch: this one is about what is asked, not about what is used.'))),
    verdict.element, hints, earlier.element, news)
  let shown: SheetView | null = null
  let drawn: Recording | string | null = null

  function showActions (): void {
    const { run = null, busyWith = null } = shown ?? {}
    const other = run === null && busyWith ? { title: busyWith.title, href: hashOf({ view: 'experiment', id: busyWith.id, runId: null }), why: 'is running, and there is one run at a time.' } : null
    actions.update(runActions({ run, isBusy: busyWith !== null, isChosen: predict.chosen() !== null, pressed: actions.pressed() }), other)
  }

  /** What was drawn while a run went on stays until its readings are here; those do not change. */
  function showCharts (view: SheetView): void {
    const settled = view.run === null || view.run.state === 'running' ? null : view.recording ?? view.run.id
    if (settled !== null && settled === drawn) return
    charts.update({ ...shownCharts(plan, experiment.seconds, view), styleOf: view.styleOf })
    drawn = settled ?? view.run?.id ?? null
  }

  return {
    element,
    update (view) {
      const { run, isLost, runs } = view
      if (run?.id !== shown?.run?.id) actions.forget()
      shown = view
      const isRunning = run?.state === 'running'
      lost.hidden = isLost === null
      setText(lost, isLost ?? '')
      predict.update(run)
      showActions()
      progress.update(run, run ? elapsedOf(run, view) : 0)
      showCharts(view)
      verdict.update(run)
      hints.hidden = run === null || isRunning || experiment.ifYouSawSomethingElse.length === 0
      earlier.element.hidden = isRunning
      if (!isRunning) earlier.update(runs.filter(({ state }) => state !== 'running'), run?.id ?? null)
      setText(news, run === null ? '' : isRunning ? run.phase ?? '' : `${standingWords(run)}: ${run.verdict?.summary ?? ''}`)
    }
  }
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

function hintsOf ({ ifYouSawSomethingElse }: ExperimentView): HTMLElement {
  return el('section', 'otherwise', el('h3', '', 'If you saw something else'), el('ul', '', ...ifYouSawSomethingElse.map(text => el('li', '', ...prose(text)))))
}
