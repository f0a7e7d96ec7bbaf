/** Where one experiment is predicted, run and judged: on its sheet, and in the text of the chapter that runs it. */
import { createActions } from '#lab/web/actions.ts'
import type { LineStyle } from '#lab/web/charts/line-style.ts'
import { el, prose } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { ExperimentView, Recording, RunView } from '#lab/wire/experiments.ts'
import type { PanelPlace } from './panel-place.ts'
import { plannedCharts } from './charted-series.ts'
import { createRunCharts } from './charts.ts'
import { createPredict } from './predict.ts'
import { createProgress } from './progress.ts'
import { runActions } from './run-actions.ts'
import { secondsSince, secondsTaken } from './run-words.ts'
import { shownCharts, type RunMoment } from './shown-charts.ts'
import { createVerdict, type VerdictSection } from './verdict.ts'
import '#lab/web/ask-and-seen.css'
import './experiment-panel.css'

export interface PanelView extends RunMoment {
  /** The running experiment, which keeps this one from starting. */
  busyWith: { id: string, title: string } | null
  styleOf: (service: string) => LineStyle
}

export interface PanelListeners {
  start: (prediction: string | null) => Promise<string | null>
  cancel: (run: RunView) => Promise<string | null>
}

export interface ExperimentPanel {
  element: HTMLElement
  verdict: HTMLElement
  update: (view: PanelView) => void
}

export function createExperimentPanel (
  experiment: ExperimentView, { start, cancel }: PanelListeners, place: PanelPlace
): ExperimentPanel {
  const predict = createPredict(experiment, place.key, onChoose)
  const actions = createActions({
    run: { ask: () => start(predict.chosen()) },
    cancel: { ask: async () => shown?.run ? await cancel(shown.run) : null, isLasting: true },
    verdict: { ask: async () => reveal(verdict) }
  }, showActions)
  const progress = createProgress(experiment)
  const verdict = createVerdict(experiment, place)
  const charts = createPanelCharts(experiment, place)
  const does = el('p', 'does', ...prose(experiment.does))
  const ask = el('section', 'panel ask', predict.element, does, actions.element, progress.element)
  let shown: PanelView | null = null

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

  function update (view: PanelView): void {
    const { run } = view
    if (run?.id !== shown?.run?.id) actions.forget()
    shown = view
    predict.update(run)
    showActions()
    progress.update(run, run ? elapsedOf(run, view) : 0)
    charts.update(view)
    verdict.update(run)
  }

  return { element: el('div', 'ask-and-seen', ask, charts.element), verdict: verdict.element, update }
}

function reveal ({ heading, element }: VerdictSection): null {
  heading.focus()
  element.scrollIntoView()
  return null
}

function otherOf ({ id, title }: NonNullable<PanelView['busyWith']>) {
  const href = hashOf({ view: 'experiment', id, runId: null })
  return { title, href, why: 'is running, and there is one run at a time.' }
}

function elapsedOf (run: RunView, { recording, now }: PanelView): number | null {
  return run.state === 'running' ? secondsSince(run, now) : secondsTaken(run, recording)
}

const NO_CHARTS = 'There is nothing to chart: this experiment asks questions, and no counter answers them.'

/** The charts of a run, or a sentence where the experiment watches no counter. */
function createPanelCharts (
  experiment: ExperimentView, { heading, aside }: PanelPlace
): { element: HTMLElement, update (view: PanelView): void } {
  const plan = plannedCharts(experiment.watches)
  const host = plan.length > 0 ? el('div', 'timelines') : el('p', 'nothing', NO_CHARTS)
  const charts = createRunCharts(host, plan)
  let drawn: Recording | string | null = null

  return {
    element: el('section', 'seen', el(heading, 'part', 'What the kernel counts', ...aside), host),
    /** What was drawn during a run stays until its readings are loaded. Those do not change, so they are drawn once. */
    update (view) {
      const settled = view.run === null || view.run.state === 'running' ? null : view.recording ?? view.run.id
      if (settled !== null && settled === drawn) return
      charts.update({ ...shownCharts(plan, experiment.seconds, view), styleOf: view.styleOf })
      drawn = settled ?? view.run?.id ?? null
    }
  }
}
