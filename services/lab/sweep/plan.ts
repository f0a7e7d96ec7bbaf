/** How long a sweep takes. Pure. */
import type { Search, SweepSpec, TrialPurpose } from '#lab/wire/sweep.ts'
import type { Timing } from './trial.ts'

/** The figures of a sweep that nobody changes but tests. */
export const usualTiming: Timing & { mostSeconds: number } = {
  restMs: 1000,
  mostRestMs: 15_000,
  warmUpSeconds: 3,
  judgedSeconds: 8,
  confirmingSeconds: 15,
  backMs: 90_000,
  mostSeconds: 300
}

const searches: Search[] = ['cpus', 'memory']
/** What a search usually takes, and the most that it may. */
const usualTrials: Record<Search, number> = { cpus: 6, memory: 5 }
const mostTrials: Record<Search, number> = { cpus: 11, memory: 8 }
/** Kept for memory while CPU is searched. */
const KEPT_TRIALS = 4
/** The threads of the generator begin, and readings are waited for. */
const AROUND_SECONDS = 1

function trialSeconds ({ restMs, warmUpSeconds, judgedSeconds }: Timing): number {
  return restMs / 1000 + warmUpSeconds + judgedSeconds + AROUND_SECONDS
}

function confirmationSeconds (timing: Timing): number {
  return trialSeconds(timing) - timing.judgedSeconds + timing.confirmingSeconds
}

/** From now on. `toCome` are the trials of this purpose that have not begun. */
export function secondsToCome (
  purpose: TrialPurpose, toCome: number, only: SweepSpec['only'], timing: Timing
): number {
  if (purpose === 'confirmation') return confirmationSeconds(timing)
  const later = searches
    .filter(search => isLater(search, purpose) && (only ?? search) === search)
    .reduce((sum, search) => sum + usualTrials[search], 0)
  return (toCome + later) * trialSeconds(timing) + confirmationSeconds(timing)
}

function isLater (search: Search, purpose: TrialPurpose): boolean {
  return purpose === 'baseline' || (purpose === 'cpus' && search === 'memory')
}

export interface Pace {
  /** Until the sweep has to be over. */
  secondsLeft: number
  /** How many times as long as planned the trials took so far: a busy service comes to rest late. At least 1. */
  slowness: number
}

/** How many trials of a search there is time for, so that the rest of the sweep fits as well. */
export function trialsThatFit (
  { search, done, only }: { search: Search, done: number, only: SweepSpec['only'] }, pace: Pace, timing: Timing
): number {
  const isMemoryToCome = search === 'cpus' && only === null
  const kept = confirmationSeconds(timing) + (isMemoryToCome ? KEPT_TRIALS * trialSeconds(timing) : 0)
  const fit = Math.floor((pace.secondsLeft / pace.slowness - kept) / trialSeconds(timing))
  return Math.min(mostTrials[search] - done, fit)
}

/** After so many trials in so many seconds, of at most `mostSeconds`. */
export function paceOf (trials: number, seconds: number, mostSeconds: number, timing: Timing): Pace {
  const slowness = trials === 0 ? 1 : Math.max(1, seconds / (trials * trialSeconds(timing)))
  return { secondsLeft: mostSeconds - seconds, slowness }
}

export function fitsConfirmation ({ secondsLeft, slowness }: Pace, timing: Timing): boolean {
  return confirmationSeconds(timing) * slowness <= secondsLeft
}
