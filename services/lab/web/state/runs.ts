/** What the page knows about experiments and their runs, and the few things that change it. */
import { secondsSince } from '#lab/web/experiments/run-words.ts'
import type { ExperimentView, Phase, Run, RunView } from '#lab/wire/experiments.ts'
import type { SampleTime } from '#lab/wire/live.ts'

export interface RunsState {
  /** `null`: not told yet. */
  experiments: ExperimentView[] | null
  /** Newest first. */
  runs: RunView[]
  /** Whether `runs` has all that the lab keeps: the list is in Postgres, which may be away. */
  isComplete: boolean
  /** The one that goes on: there is at most one. */
  running: RunView | null
  /** When the phases of the running one began, as far as this page has seen it. */
  phases: Array<{ name: Phase, atSeconds: number }>
  /** A run with its readings, to be looked at. */
  opened: Run | null
  /** Why something is not known. */
  fault: string | null
}

export function createRunsState (): RunsState {
  return { experiments: null, runs: [], isComplete: false, running: null, phases: [], opened: null, fault: null }
}

/** What the lab says when it is asked: after a lost connection, the only word about what began or ended meanwhile. */
export function onExperiments (state: RunsState, experiments: ExperimentView[], running: RunView | null): void {
  if (running?.id !== state.running?.id) state.phases = []
  state.experiments = experiments
  state.running = running
  if (running) state.runs = placed(running, state.runs)
}

/** A list takes its time: a run that ended meanwhile has ended. */
export function onRuns (state: RunsState, runs: RunView[]): void {
  state.runs = runs.map(run => run.state === 'running' ? runOf(state, run.id) ?? run : run)
  state.isComplete = true
}

/** `now`: the newest sample, because phases have no time of their own before the recording tells it. */
export function onRun (state: RunsState, run: RunView, now: SampleTime | null): void {
  if (run.id !== state.running?.id) state.phases = []
  if (run.phase !== null && run.phase !== state.phases.at(-1)?.name) state.phases = [...state.phases, { name: run.phase, atSeconds: secondsSince(run, now) }]
  if (run.state === 'running') state.running = run
  else if (state.running?.id === run.id) state.running = null
  state.runs = placed(run, state.runs)
}

export function onOpened (state: RunsState, run: Run): void {
  const { recording, facts, ...view } = run
  state.runs = placed(view, state.runs)
  if (view.state !== 'running') state.opened = { ...view, recording, facts }
}

export function runOf ({ runs }: RunsState, id: string): RunView | null {
  return runs.find(run => run.id === id) ?? null
}

/** One that is not there yet is the newest. */
function placed (run: RunView, runs: RunView[]): RunView[] {
  return runs.some(({ id }) => id === run.id) ? runs.map(one => one.id === run.id ? run : one) : [run, ...runs]
}
