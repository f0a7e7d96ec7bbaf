/** What the page knows about experiments and their runs, and the few things that change it. */
import { secondsSince } from '#lab/web/experiments/run-words.ts'
import type { ExperimentView, Phase, Run, RunView } from '#lab/wire/experiments.ts'
import type { SampleTime } from '#lab/wire/live.ts'

export interface RunsState {
  /** `null`: not known yet. */
  experiments: ExperimentView[] | null
  /** Newest first. */
  runs: RunView[]
  /** Whether `runs` has all that the lab keeps: the list comes from Postgres, which may be away. */
  isComplete: boolean
  /** There is at most one at a time. */
  running: RunView | null
  /** When the phases of the running run began, as far as this page has seen them. */
  phases: Array<{ name: Phase, atSeconds: number }>
  /** The run that is looked at, with its readings. */
  opened: Run | null
  /** Why something is not known. */
  fault: string | null
}

export function createRunsState (): RunsState {
  return { experiments: null, runs: [], isComplete: false, running: null, phases: [], opened: null, fault: null }
}

/** The lab's answer. After a lost connection only this says what began or ended meanwhile. */
export function onExperiments (state: RunsState, experiments: ExperimentView[], running: RunView | null): void {
  if (running?.id !== state.running?.id) state.phases = []
  state.experiments = experiments
  state.running = running
  if (running) state.runs = placed(running, state.runs)
}

/** A list may be out of date when it arrives: a run that has ended meanwhile stays ended. */
export function onRuns (state: RunsState, runs: RunView[]): void {
  state.runs = runs.map(run => run.state === 'running' ? runOf(state, run.id) ?? run : run)
  state.isComplete = true
}

/** `now`: the newest sample. It dates the phases, which have no times before there is a recording. */
export function onRun (state: RunsState, run: RunView, now: SampleTime | null): void {
  if (run.id !== state.running?.id) state.phases = []
  if (run.phase !== null && run.phase !== state.phases.at(-1)?.name) {
    state.phases = [...state.phases, { name: run.phase, atSeconds: secondsSince(run, now) }]
  }
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

/** A run that is not in the list yet is the newest. */
function placed (run: RunView, runs: RunView[]): RunView[] {
  return runs.some(({ id }) => id === run.id) ? runs.map(one => one.id === run.id ? run : one) : [run, ...runs]
}
