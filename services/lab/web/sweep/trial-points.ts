/** The trials of a sweep as points over one of the limits. Pure. */
import type { SweepView, Trial, TrialFigures, TrialOutcome, TrialPurpose } from '#lab/wire/sweep.ts'

const MIB = 2 ** 20

/** The limit below the points. Memory is in MiB, so that an axis has round numbers. */
export type Searched = 'cpus' | 'memoryMib'

export interface TrialPoint {
  number: number
  limit: number
  /** `null`: not measured. */
  value: number | null
  outcome: TrialOutcome
}

/** What is marked beside the points. `null`: not known, or not yet. */
export interface Marks {
  /** Between which limits the goal begins to be met. */
  knee: { passed: number, failed: number | null } | null
  recommended: number | null
  /** The trial that is running. */
  current: { number: number, limit: number } | null
}

/** The baseline has so much of everything that its point would push all others together. */
const purposesOver: Record<Searched, TrialPurpose[]> = {
  cpus: ['cpus', 'confirmation'],
  memoryMib: ['memory', 'confirmation']
}

/** Ordered by limit, then as they were made. */
export function pointsOf (
  trials: Trial[], searched: Searched, valueOf: (figures: TrialFigures) => number | null
): TrialPoint[] {
  return trials
    .filter(({ purpose }) => purposesOver[searched].includes(purpose))
    .flatMap(({ number, limits, outcome, figures }) => {
      const limit = limitIn(limits, searched)
      return limit === null ? [] : [{ number, limit, outcome, value: figures === null ? null : valueOf(figures) }]
    })
    .sort((a, b) => a.limit - b.limit || a.number - b.number)
}

function limitIn ({ cpus, memoryBytes }: Trial['limits'], searched: Searched): number | null {
  const limit = searched === 'cpus' ? cpus : memoryBytes
  return limit === 'max' ? null : searched === 'cpus' ? limit : limit / MIB
}

export function marksOf ({ result, current }: SweepView, searched: Searched): Marks {
  const knee = searched === 'cpus' ? result?.knees.cpus : result?.knees.memoryBytes
  const unit = searched === 'cpus' ? 1 : MIB
  const isOver = current !== null && purposesOver[searched].includes(current.purpose)
  const currentLimit = isOver ? limitIn(current.limits, searched) : null
  return {
    knee: knee == null
      ? null
      : { passed: knee.passed / unit, failed: knee.failed === null ? null : knee.failed / unit },
    recommended: result?.recommended == null ? null : limitIn(result.recommended, searched),
    current: currentLimit === null ? null : { number: current!.number, limit: currentLimit }
  }
}

/** A little room on both sides, and never so little that one point would fill it. */
const ROOM = 0.12
const LEAST_SPAN = 0.2
const emptyRange: Record<Searched, [number, number]> = { cpus: [0, 1], memoryMib: [0, 256] }

/** From the lowest limit that is shown to the highest. */
export function rangeOf (
  searched: Searched, points: TrialPoint[], { knee, recommended, current }: Marks
): [number, number] {
  const shown = [...points.map(({ limit }) => limit), knee?.passed, knee?.failed, recommended, current?.limit]
    .filter(limit => limit != null)
  if (shown.length === 0) return emptyRange[searched]
  const [lowest, highest] = [Math.min(...shown), Math.max(...shown)]
  const span = Math.max(highest - lowest, highest * LEAST_SPAN)
  return [Math.max(0, lowest - span * ROOM), highest + span * ROOM]
}

/** What the kernel counts of the want for memory: PSI, otherwise pages that had to be read again, or limit hits. */
export type MemoryWant = 'pressure' | 'refaults' | 'limitHits'

export function memoryWantOf (trials: Trial[]): MemoryWant {
  const figures = trials.map(trial => trial.figures).filter(figures => figures !== null)
  const hasPressure = figures.some(({ memoryPressureShare }) => memoryPressureShare !== null)
  if (figures.length === 0 || hasPressure) return 'pressure'
  return figures.some(({ refaults }) => refaults !== null) ? 'refaults' : 'limitHits'
}

export const wantValues: Record<MemoryWant, (figures: TrialFigures) => number | null> = {
  pressure: ({ memoryPressureShare }) => memoryPressureShare,
  refaults: ({ refaults, seconds }) => refaults === null || seconds === 0 ? null : refaults / seconds,
  limitHits: ({ memoryLimitHits }) => memoryLimitHits
}

export function failedShare ({ failed, due }: TrialFigures): number | null {
  return due === 0 ? null : failed / due
}
