import '../panels/bench.css'
import './sheet.css'
import type { ExperimentView, Recording, RunView } from '../../runs/wire.ts'
import { el, prose, setText } from '../dom.ts'
import type { LineStyle } from '../panels/chart.ts'
import type { Columns } from '../view/columns.ts'
import { liveCharts, recordedCharts, type DrawnChart } from '../view/run-charts.ts'
import { secondsInto, standingWords } from '../view/run-words.ts'
import { plannedCharts, type PlannedChart } from '../view/watched.ts'
import { createActions } from './actions.ts'
import { createRunCharts } from './charts.ts'
import { createEarlier } from './earlier.ts'
import { createPredict } from './predict.ts'
import { createProgress } from './progress.ts'
import { createVerdict } from './verdict.ts'

export interface SheetView {
  /** The one that goes on, or the one that is looked at; `null`: before a run. */
  run: RunView | null
  /** Why the run that was asked for is not here. */
  isLost: string | null
  recording: Recording | null
  /** Another one that keeps this one from starting. */
  busyWith: { id: string, title: string } | null
  /** All of this experiment, newest first. */
  runs: RunView[]
  /** Of the running one, as far as this page saw them begin. */
  phases: Array<{ name: string, at: string }>
  columns: Columns
  /** The lab's clock. */
  now: string | null
  styleOf: (service: string) => LineStyle
}

export interface SheetListeners {
  start: (prediction: string | null) => Promise<string | null>
  cancel: (run: RunView) => Promise<string | null>
}

/** One experiment: question, prediction, run, verdict. */
export function createSheet (experiment: ExperimentView, listeners: SheetListeners): { element: HTMLElement, update (view: SheetView): void } {
  const predict = createPredict(experiment, () => { actions.choose() })
  const actions = createActions({ chosen: predict.chosen, toVerdict: () => { verdict.heading.focus(); verdict.element.scrollIntoView() }, ...listeners })
  const progress = createProgress(experiment)
  const verdict = createVerdict(experiment)
  const earlier = createEarlier()
  const chartsHost = el('div', 'timelines')
  const plan = plannedCharts(experiment.watches)
  const charts = createRunCharts(chartsHost, plan)
  const otherwise = otherwiseOf(experiment)
  const lost = el('p', 'lost')
  const news = el('p', 'hidden')
  news.setAttribute('role', 'status')
  const element = el('article', 'sheet',
    headOf(experiment),
    lost,
    el('div', 'bench',
      el('section', 'panel ask', predict.element, el('p', 'does', ...prose(experiment.does)), actions.element, progress.element),
      el('section', 'seen', el('h3', '', 'What the kernel counts'), plan.length > 0 ? chartsHost : el('p', 'nothing', 'Nothing to watch: this one is about what is asked, not about what is used.'))),
    verdict.element, otherwise, earlier.element, news)
  let drawn: Recording | string | null = null

  function showCharts ({ run, recording, columns, phases, now, styleOf }: SheetView): void {
    if (run === null) {
      // The limits are there to be looked at; what is read before the run does not belong to it.
      charts.update({ charts: limitsOnly(plan, columns), marks: [], toSeconds: experiment.seconds, isOver: false, empty: 'drawn while the run goes on', styleOf })
    } else if (run.state === 'running') {
      const marks = phases.map(({ name, at }) => ({ atSeconds: secondsInto(run, at), label: name }))
      const toSeconds = Math.max(experiment.seconds, now === null ? 0 : secondsInto(run, now))
      charts.update({ charts: liveCharts(plan, columns, Date.parse(run.startedAt) / 1000), marks, toSeconds, isOver: false, empty: 'waiting for the first readings', styleOf })
    } else if (recording !== null && recording !== drawn) {
      const marks = recording.phases.map(({ name, fromSeconds }) => ({ atSeconds: fromSeconds, label: name }))
      charts.update({ charts: recordedCharts(plan, { startedAt: run.startedAt, recording }), marks, toSeconds: recording.phases.at(-1)?.toSeconds ?? experiment.seconds, isOver: true, empty: 'not measured', styleOf })
    } else if (recording === null && drawn !== run.id) {
      charts.update({ charts: limitsOnly(plan, columns), marks: [], toSeconds: experiment.seconds, isOver: true, empty: 'its readings are not here', styleOf })
    }
    // What was drawn while it went on stays until its readings are here.
    drawn = run === null ? null : recording ?? run.id
  }

  return {
    element,
    update (view) {
      const { run, isLost, busyWith, runs, now } = view
      const isRunning = run?.state === 'running'
      lost.hidden = isLost === null
      setText(lost, isLost ?? '')
      predict.update(run)
      actions.update({ run, busyWith })
      progress.update(run, run && now ? elapsedOf(run, now) : 0)
      showCharts(view)
      verdict.update(run)
      otherwise.hidden = run === null || isRunning || experiment.otherwise.length === 0
      earlier.element.hidden = isRunning
      if (!isRunning) earlier.update(runs.filter(({ state }) => state !== 'running'), run?.id ?? null)
      setText(news, run === null ? '' : isRunning ? run.phase ?? '' : `${standingWords(run)}: ${run.verdict?.summary ?? ''}`)
    }
  }
}

function elapsedOf (run: RunView, now: string): number {
  return secondsInto(run, run.finishedAt ?? now)
}

function limitsOnly (plan: PlannedChart[], columns: Columns): DrawnChart[] {
  return liveCharts(plan, columns, 0).map(({ kind, lines }) => ({ kind, seconds: [], lines: lines.map(line => ({ ...line, values: [] })) }))
}

function headOf ({ title, question }: ExperimentView): HTMLElement {
  const back = el('a', 'back', 'All experiments')
  back.href = '#experiments'
  const heading = el('h2', '', ...prose(question))
  heading.tabIndex = -1
  return el('header', '', el('p', 'crumbs', back, el('span', '', title)), heading)
}

function otherwiseOf ({ otherwise }: ExperimentView): HTMLElement {
  return el('section', 'otherwise', el('h3', '', 'If you saw something else'), el('ul', '', ...otherwise.map(text => el('li', '', ...prose(text)))))
}
