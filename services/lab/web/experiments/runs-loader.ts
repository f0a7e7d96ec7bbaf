/**
 * Loads what the stream does not carry about experiments and runs. The list of runs comes from Postgres, so it is
 * fetched rarely.
 */
import { cancelRun, getExperiments, getRun, getRuns, startRun } from '#lab/web/requests.ts'
import { onExperiments, onOpened, onRun, onRuns, runOf, type RunsState } from '#lab/web/state/runs.ts'
import type { State } from '#lab/web/state/state.ts'
import type { RunView } from '#lab/wire/experiments.ts'

export interface RunsLoader {
  /** Loads everything anew: the stream was away, and the lab may be another one than before. */
  refresh: () => Promise<void>
  /** Asks which experiment is running. Only the lab has to answer, so this is allowed during a run. */
  refreshRunning: () => Promise<void>
  /** Loads the list of runs if it is out of date: it is in Postgres, which is one of the services being measured. */
  ensureRuns: () => void
  /** Loads a run that has ended, with its readings. */
  ensureReadings: (id: string) => void
  /** Why a run could not be loaded. */
  whyUnavailable: (id: string) => string | null
  onRunUpdate: (run: RunView) => void
  start: (experiment: string, prediction: string | null) => Promise<RunView | { refusal: string }>
  /** Gives, in words, why it was refused. */
  cancel: (run: RunView) => Promise<string | null>
}

export function createRunsLoader (state: State, changed: () => void): RunsLoader {
  const { runs } = state
  const readings = createReadingsLoader(runs, changed)
  let isListStale = true

  async function refresh (): Promise<void> {
    readings.forget()
    isListStale = true
    await refreshRunning()
  }

  async function refreshRunning (): Promise<void> {
    const before = runs.running
    const answer = await getExperiments()
    runs.fault = 'refusal' in answer ? answer.refusal : null
    if ('body' in answer) onExperiments(runs, answer.body.experiments, answer.body.running)
    if (before !== null && runs.running?.id !== before.id) isListStale = true
    changed()
  }

  async function loadRuns (): Promise<void> {
    isListStale = false
    const answer = await getRuns()
    if ('body' in answer) onRuns(runs, answer.body.runs)
    else runs.fault = answer.refusal
    changed()
  }

  function onRunUpdate (run: RunView): void {
    onRun(runs, run, state.sample)
    changed()
  }

  async function start (experiment: string, prediction: string | null): Promise<RunView | { refusal: string }> {
    const answer = await startRun(experiment, prediction)
    if ('refusal' in answer) return answer
    // If the stream was faster, it has newer news of the run than this answer.
    if (runOf(runs, answer.body.id) === null) onRunUpdate(answer.body)
    return answer.body
  }

  return {
    refresh,
    refreshRunning,
    ensureRuns () { if (isListStale && runs.experiments !== null) loadRuns() },
    ensureReadings: readings.ensure,
    whyUnavailable: readings.whyUnavailable,
    onRunUpdate,
    start,
    cancel: refusalOfCancelling
  }
}

/** Loads the readings of one run at a time, and remembers which could not be loaded. */
function createReadingsLoader (runs: RunsState, changed: () => void) {
  const unavailable = new Map<string, string>()
  let loadingId: string | null = null

  async function load (id: string): Promise<void> {
    loadingId = id
    const answer = await getRun(id)
    if ('body' in answer) onOpened(runs, answer.body)
    else unavailable.set(id, answer.refusal)
    loadingId = null
    changed()
  }

  return {
    ensure (id: string) {
      if (loadingId !== id && !unavailable.has(id) && runs.opened?.id !== id) load(id)
    },
    whyUnavailable: (id: string) => unavailable.get(id) ?? null,
    forget: () => { unavailable.clear() }
  }
}

async function refusalOfCancelling ({ id }: RunView): Promise<string | null> {
  const answer = await cancelRun(id)
  return 'refusal' in answer ? answer.refusal : null
}
