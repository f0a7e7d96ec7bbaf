/** What the page says in words about runs of experiments. Pure. */
import { formatSeconds } from '#lab/format.ts'
import type { Check, ExperimentView, Outcome, Recording, RunView } from '#lab/wire/experiments.ts'
import type { SampleTime } from '#lab/wire/live.ts'
import { outcomeWords } from '#lab/words.ts'

/** The outcome of a run, or why there is none. Each is a shape at the top of index.html. */
export type RunStatus = Outcome | 'never' | 'running' | 'ended_early'

const endings: Record<Exclude<RunView['state'], 'running' | 'finished'>, string> = {
  cancelled: 'cancelled',
  failed: 'failed',
  interrupted: 'interrupted'
}

export function runStatus (run: Pick<RunView, 'state' | 'verdict'> | null): RunStatus {
  if (run === null) return 'never'
  if (run.state === 'running') return 'running'
  return run.verdict?.outcome ?? 'ended_early'
}

export function runStatusWords (run: Pick<RunView, 'state' | 'verdict'> | null): string {
  if (run === null) return 'never run'
  if (run.state === 'running') return 'running'
  return run.verdict ? outcomeWords[run.verdict.outcome] : run.state === 'finished' ? 'no verdict' : endings[run.state]
}

export function checkWords ({ holds }: Pick<Check, 'holds'>): string {
  return outcomeWords[checkOutcome({ holds })]
}

export function checkOutcome ({ holds }: Pick<Check, 'holds'>): Outcome {
  return holds === null ? 'not_measured' : holds ? 'holds' : 'does_not_hold'
}

/**
 * The run that represents an experiment: the running one, otherwise the newest with a verdict, otherwise the newest.
 * `runs` are newest first.
 */
export function latestOf (runs: RunView[], experiment: string): RunView | null {
  const own = runs.filter(run => run.experiment === experiment)
  return own.find(({ state }) => state === 'running') ?? own.find(({ verdict }) => verdict !== null) ?? own[0] ?? null
}

/** `3 of 15 hold, 1 does not, 11 never run`. */
export function tallyWords (statuses: RunStatus[]): string {
  const count = (status: RunStatus) => statuses.filter(one => one === status).length
  const parts = [`${count('holds')} of ${statuses.length} hold`]
  const failing = count('does_not_hold')
  if (failing > 0) parts.push(`${failing} ${failing === 1 ? 'does' : 'do'} not`)
  const unmeasured = count('not_measured') + count('not_here')
  if (unmeasured > 0) parts.push(`${unmeasured} not measured`)
  if (count('never') > 0) parts.push(`${count('never')} never run`)
  return parts.join(', ')
}

type Predicted = Pick<RunView, 'prediction' | 'answer' | 'verdict'>

export type PredictionResult = 'right' | 'wrong' | 'none' | 'open'

/** A prediction can be judged only if the claim of the experiment held. */
export function predictionResult ({ prediction, answer, verdict }: Predicted): PredictionResult {
  if (prediction === null) return 'none'
  if (verdict?.outcome !== 'holds' || answer === null) return 'open'
  return prediction === answer ? 'right' : 'wrong'
}

const predictionResults: Record<PredictionResult, string> = {
  right: 'right prediction',
  wrong: 'wrong prediction',
  none: 'no prediction',
  open: 'not judged'
}

export function predictionWords (run: Predicted): string {
  return predictionResults[predictionResult(run)]
}

const claims: Record<Outcome, string> = {
  holds: 'What happened',
  does_not_hold: 'The claim, which does not hold here',
  not_measured: 'The claim, which was not measured here',
  not_here: 'The claim, which cannot be tried here'
}

export interface Comparison { term: string, text: string }

/**
 * The prediction next to what the experiment claims. Before a verdict there is nothing: somebody who cancels may still
 * want to find out.
 */
export function comparison ({ choices }: Pick<ExperimentView, 'choices'>, run: Predicted): Comparison[] {
  if (run.verdict === null || run.answer === null) return []
  const textOf = (id: string) => choices.find(choice => choice.id === id)?.text ?? id
  const claim = claims[run.verdict.outcome]
  if (run.prediction === run.answer) return [{ term: `You predicted ${lowered(claim)}`, text: textOf(run.answer) }]
  return [
    { term: 'You predicted', text: run.prediction === null ? 'Nothing, this time.' : textOf(run.prediction) },
    { term: claim, text: textOf(run.answer) }
  ]
}

function lowered (sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

/** Why a run ended without a verdict. */
export function endingWords ({ state, error }: Pick<RunView, 'state' | 'error'>): string {
  if (state === 'cancelled') return 'Cancelled. What the run had changed was put back.'
  if (state === 'interrupted') return 'The lab stopped during this run, so there is no verdict.'
  return `It failed: ${error ?? 'the reason is not known'}.`
}

/** How long a run has been going on, by the lab's own clock. `now`: the newest sample. */
export function secondsSince (run: Pick<RunView, 'startedUptimeSeconds'>, now: SampleTime | null): number {
  const { startedUptimeSeconds } = run
  return startedUptimeSeconds === null || now === null ? 0 : Math.max(0, now.uptimeSeconds - startedUptimeSeconds)
}

/**
 * How long a run took. Without a recording this comes from the host's clock, which may have been set meanwhile. `null`:
 * its end was not seen.
 */
export function secondsTaken (
  { startedAt, finishedAt }: Pick<RunView, 'startedAt' | 'finishedAt'>, recording: Pick<Recording, 'phases'> | null
): number | null {
  const byClock = finishedAt === null ? null : Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
  return recording?.phases.at(-1)?.toSeconds ?? byClock
}

export function elapsedWords (elapsedSeconds: number, aboutSeconds: number): string {
  const words = `${Math.floor(elapsedSeconds)} s of about ${aboutSeconds} s`
  return elapsedSeconds > aboutSeconds * 1.5 ? `${words}; it takes longer than usual` : words
}

export function stepWords ({ atSeconds, text }: RunView['steps'][number]): string {
  return `${formatSeconds(atSeconds)}  ${text}`
}

/** `memory-limit-2026-11-22T09-26-20Z.json`: no colons, which some file systems refuse. */
export function exportName ({ experiment, startedAt }: Pick<RunView, 'experiment' | 'startedAt'>): string {
  return `${experiment}-${startedAt.replace(/\.\d+/, '').replaceAll(':', '-')}.json`
}
