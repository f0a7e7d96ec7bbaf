/**
 * What the page asks the lab about experiments and runs, and when: nothing that could be known from the stream, and
 * Postgres seldom.
 */
import { cancelRun, getExperiments, getRun, getRuns, startRun } from '#lab/web/requests.ts'
import { onExperiments, onOpened, onRun, onRuns, runOf } from '#lab/web/state/runs.ts'
import type { State } from '#lab/web/state/state.ts'
import type { RunView } from '#lab/wire/experiments.ts'

export interface Desk {
  /** Everything anew: the stream was away, and the lab may be another one than before. */
  refresh: () => Promise<void>
  /** Costs nobody but the lab, so it may be asked during a run. */
  lookAgain: () => Promise<void>
  /** For who looks at experiments: the list comes out of Postgres, which is one of those being measured. */
  wantRuns: () => void
  /** A run that has ended, with its readings. */
  wantReadings: (id: string) => void
  /** Why a run is not to be had. */
  lossOf: (id: string) => string | null
  hear: (run: RunView) => void
  start: (experiment: string, prediction: string | null) => Promise<RunView | { refusal: string }>
  /** What was refused. */
  cancel: (run: RunView) => Promise<string | null>
}

export function createDesk (state: State, changed: () => void): Desk {
  const { runs } = state
  const losses = new Map<string, string>()
  let isListStale = true
  let asked: string | null = null

  async function lookAgain (): Promise<void> {
    const before = runs.running
    const answer = await getExperiments()
    runs.fault = 'refusal' in answer ? answer.refusal : null
    if ('body' in answer) onExperiments(runs, answer.body.experiments, answer.body.running)
    if (before !== null && runs.running?.id !== before.id) isListStale = true
    changed()
  }

  async function askForRuns (): Promise<void> {
    isListStale = false
    const answer = await getRuns()
    if ('body' in answer) onRuns(runs, answer.body.runs)
    else runs.fault = answer.refusal
    changed()
  }

  async function askForReadings (id: string): Promise<void> {
    asked = id
    const answer = await getRun(id)
    if ('body' in answer) onOpened(runs, answer.body)
    else losses.set(id, answer.refusal)
    asked = null
    changed()
  }

  function hear (run: RunView): void {
    onRun(runs, run, state.sample)
    changed()
  }

  return {
    refresh () {
      losses.clear()
      isListStale = true
      return lookAgain()
    },
    lookAgain,
    wantRuns () { if (isListStale && runs.experiments !== null) askForRuns() },
    wantReadings (id) { if (asked !== id && !losses.has(id) && runs.opened?.id !== id) askForReadings(id) },
    lossOf: id => losses.get(id) ?? null,
    hear,
    async start (experiment, prediction) {
      const answer = await startRun(experiment, prediction)
      if ('refusal' in answer) return answer
      // The stream may have been faster, and then knows more.
      if (runOf(runs, answer.body.id) === null) hear(answer.body)
      return answer.body
    },
    async cancel ({ id }) {
      const answer = await cancelRun(id)
      return 'refusal' in answer ? answer.refusal : null
    }
  }
}
