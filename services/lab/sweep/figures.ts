/** What a trial's readings and its work come to. Pure. */
import { over, riseOverLives, shareOf, type Total } from '#cgroup/counters.ts'
import { pressureShare } from '#cgroup/rates.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { TrialFigures } from '#lab/wire/sweep.ts'

/** How the work of a trial went, as whoever asked for it saw it. */
export interface WorkDone extends Pick<TrialFigures, 'seconds' | 'due' | 'failed' | 'p50Ms' | 'p99Ms' | 'halvesP50Ms'> {
  /** Why the latencies may not be those of the service. `null`: they are. */
  doubt: string | null
}

/** What a trial left to be judged. */
export interface Judgeable {
  /** Of the service's container, since its limits were set. */
  readings: Reading[]
  /** When what is judged began, on the clock of the readings. */
  fromUs: number
  work: WorkDone
  /** CPUs of the machine that were not idle meanwhile. */
  machineCores: number | null
}

/** Kills and refusals count from the beginning: a service that was killed while it warmed up did not get far. */
export function figuresOf ({ readings, fromUs, work: { doubt: _, ...work }, machineCores }: Judgeable): TrialFigures {
  const judged = readings.slice(Math.max(0, readings.findLastIndex(({ monotonicUs }) => monotonicUs <= fromUs)))
  const rise = (of: Value, within = judged): number | null => riseOverLives(totalsOf(within, of))
  const most = (of: Value): number | null => highest(judged.map(of))
  const cores = work.seconds === 0 ? null : over(rise(({ cpu }) => cpu.usageUs), work.seconds * 1e6)
  const waitedUs = rise(({ pressure }) => pressure.memory?.some?.totalUs ?? null)
  return {
    ...work,
    cores,
    otherCores: machineCores === null || cores === null ? null : Math.max(0, machineCores - cores),
    throttledShare: shareOf(rise(({ cpu }) => cpu.nrThrottled), rise(({ cpu }) => cpu.nrPeriods)),
    peakBytes: most(({ memory }) => memory.currentBytes),
    anonPeakBytes: most(({ memory }) => memory.anonBytes),
    pidsPeak: most(({ pids }) => pids.current),
    oomKills: rise(({ memory }) => memory.events.oomKill, readings),
    restarts: Math.max(0, new Set(readings.map(({ inode }) => inode)).size - 1),
    memoryLimitHits: rise(({ memory }) => memory.events.max, readings),
    refaults: rise(({ memory }) => memory.refaults),
    memoryPressureShare: pressureShare(shareOf(waitedUs, spanUs(judged))),
    pidsLimitHits: rise(({ pids }) => pids.limitHits, readings)
  }
}

type Value = (reading: Reading) => number | null

function totalsOf (readings: Reading[], of: Value): Total[] {
  return readings.flatMap(reading => {
    const value = of(reading)
    return value === null ? [] : [{ life: reading.inode, value }]
  })
}

function highest (values: Array<number | null>): number | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}

function spanUs (readings: Reading[]): number {
  return (readings.at(-1)?.monotonicUs ?? 0) - (readings[0]?.monotonicUs ?? 0)
}
