/** Which limit to try next, from what the trials so far have shown. Pure. */
import type { Knee, TrialOutcome } from '#lab/wire/sweep.ts'

export interface Tried { limit: number, outcome: TrialOutcome }

export interface Range {
  /** Too little by arithmetic: less CPU time than the work takes, less memory than cannot be reclaimed. */
  tooLittle: number
  /** Known to be enough, from the baseline. */
  enough: number
  /** An informed guess. */
  first: number
  /** Limits that are tried are whole multiples of this: engine and kernel round others. */
  unit: number
}

/** `done` is what was found; `null`: there were too many trials that measured something else. */
export type Next = { limit: number } | { done: Knee | null }

/** The search ends when the smallest limit that passed is at most this times the largest that failed. */
const PRECISION = 1.07
/** The way up from a limit that failed: at most this much at once, because it is seldom far. */
const STEP_UP = 1.3
/** A limit next to the result is tried twice, and a third time if the two differ: one noisy trial does not decide. */
const VOTES = 2
const MOST_UNMEASURED = 3
/** Of a unit: multiples are not exact in binary. */
const ROUNDING = 1e-6

export function nextLimit (tried: Tried[], range: Range, trialsLeft: number): Next {
  const limits = [...new Set(tried.map(({ limit }) => limit))]
  const votes = limits.map(limit => votesOf(limit, tried))
  const knee = kneeOf(votes, range)
  const last = votes.find(({ limit }) => limit === tried.at(-1)?.limit)
  if (last !== undefined && last.unmeasured >= MOST_UNMEASURED) return { done: settled(votes, knee) }
  if (trialsLeft <= 0) return { done: settled(votes, knee) }
  if (tried.at(-1)?.outcome === 'not_measured') return { limit: last!.limit }
  const tie = votes.find(isTie)
  if (tie !== undefined) return { limit: tie.limit }
  if (!isNarrow(knee, range)) return { limit: between(knee, range, tried.length === 0) }
  const doubtful = votes.find(vote => isAt(vote, knee) && vote.passed + vote.failed < VOTES)
  return doubtful === undefined ? { done: settled(votes, knee) } : { limit: doubtful.limit }
}

/** About how many trials a search still takes: one halves the ratio, and both limits at the end are tried again. */
export function trialsToCome (tried: Tried[], range: Range): number {
  const votes = [...new Set(tried.map(({ limit }) => limit))].map(limit => votesOf(limit, tried))
  const { passed, failed } = kneeOf(votes, range)
  const ratio = tried.length === 0 ? Math.min(passed / failed, STEP_UP) : passed / failed
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.log(ratio) / Math.log(PRECISION))))
  return halvings + VOTES
}

interface Votes { limit: number, passed: number, failed: number, unmeasured: number }
interface Between { passed: number, failed: number }

function votesOf (limit: number, tried: Tried[]): Votes {
  const count = (outcome: TrialOutcome): number =>
    tried.filter(trial => trial.limit === limit && trial.outcome === outcome).length
  return { limit, passed: count('passed'), failed: count('failed'), unmeasured: count('not_measured') }
}

function isTie ({ passed, failed }: Votes): boolean { return passed > 0 && passed === failed }

/** What failed counts against all that is lower, also if that has passed once: a recommendation is careful. */
function kneeOf (votes: Votes[], { tooLittle, enough }: Range): Between {
  const failed = Math.max(tooLittle, ...votes.filter(vote => vote.failed > vote.passed).map(({ limit }) => limit))
  const above = votes.filter(vote => vote.passed > vote.failed && vote.limit > failed).map(({ limit }) => limit)
  return { failed, passed: Math.min(Math.max(enough, failed), ...above) }
}

/** A limit that was not tried is known from arithmetic, and not in doubt. */
function isAt ({ limit }: Votes, { passed, failed }: Between): boolean { return limit === passed || limit === failed }

function isNarrow (knee: Between, range: Range): boolean {
  const { least, most } = multiplesBetween(knee, range)
  return least > most || knee.passed / knee.failed <= PRECISION
}

/** Halves the ratio, because limits are compared by how many times one is the other. */
function between (knee: Between, range: Range, isFirst: boolean): number {
  const { passed, failed } = knee
  const isGuess = isFirst && range.first > failed && range.first < passed
  const wanted = isGuess ? range.first : Math.min(Math.sqrt(passed * failed), failed * STEP_UP)
  const { least, most } = multiplesBetween(knee, range)
  return Math.min(most, Math.max(least, Math.round(wanted / range.unit))) * range.unit
}

/** In units: those that are more than what failed, and less than what passed. None: `least` is more than `most`. */
function multiplesBetween ({ passed, failed }: Between, { unit }: Range): { least: number, most: number } {
  return { least: Math.floor(failed / unit + ROUNDING) + 1, most: Math.ceil(passed / unit - ROUNDING) - 1 }
}

function settled (votes: Votes[], { passed, failed }: Between): Knee | null {
  if (votes.length > 0 && votes.every(vote => vote.passed + vote.failed === 0)) return null
  return { passed, failed: votes.some(({ limit }) => limit === failed) ? failed : null }
}
