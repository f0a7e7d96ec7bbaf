/**
 * What happened between two readings, per second. All functions are pure.
 *
 * A value is `null` if it was not measured: one of the readings lacks it, or its counter fell. That is never the same
 * as 0.
 */
import { over, rise, shareOf } from './counters.ts'
import type { IoDevice, Pressure, Reading } from './reading.ts'

export interface Rates {
  /** Time between the two readings. */
  seconds: number
  /** CPUs in use: 0.5 = half of one. The value may slightly exceed the limit (burst, and the moment of reading). */
  cpuCores: number | null
  cpuUserCores: number | null
  cpuSystemCores: number | null
  /** See `throttledShare`. */
  throttledShare: number | null
  /** Summed over CPUs, so more than 1 is possible. */
  throttledSecondsPerSecond: number | null
  majorFaultsPerSecond: number | null
  /** How often memory reached its limit and was reclaimed. This is normal for a container that fills its page cache. */
  memoryLimitHitsPerSecond: number | null
  /** Kills by the OOM killer since the earlier reading. This is a count, because a single kill matters. */
  oomKills: number | null
  /** Forks refused since the earlier reading. */
  pidsLimitHits: number | null
  ioReadBytesPerSecond: number | null
  ioWriteBytesPerSecond: number | null
  pressure: { cpu: PressureShares | null, memory: PressureShares | null, io: PressureShares | null }
}

/** The shares of time, 0–1, in which some task waited, or all tasks did. */
export interface PressureShares {
  someShare: number | null
  fullShare: number | null
}

/**
 * `null` if the two readings give no rate: there is no earlier one, no time passed between them, or the inode differs.
 * In the last case the container was restarted and counts from 0 again.
 */
export function rates (before: Reading | null, after: Reading): Rates | null {
  const us = usBetween(before, after)
  if (before === null || us === null) return null
  const seconds = us / 1e6
  const share = (from: number | null, to: number | null) => over(rise(from, to), us)
  const perSecond = (from: number | null, to: number | null) => over(rise(from, to), seconds)
  return {
    seconds,
    cpuCores: cpuCores(before, after),
    cpuUserCores: share(before.cpu.userUs, after.cpu.userUs),
    cpuSystemCores: share(before.cpu.systemUs, after.cpu.systemUs),
    throttledShare: throttledShare(before, after),
    throttledSecondsPerSecond: share(before.cpu.throttledUs, after.cpu.throttledUs),
    majorFaultsPerSecond: perSecond(before.memory.pgmajfault, after.memory.pgmajfault),
    memoryLimitHitsPerSecond: perSecond(before.memory.events.max, after.memory.events.max),
    oomKills: rise(before.memory.events.oomKill, after.memory.events.oomKill),
    pidsLimitHits: rise(before.pids.limitHits, after.pids.limitHits),
    ioReadBytesPerSecond: over(ioRise(before.io, after.io, 'readBytes'), seconds),
    ioWriteBytesPerSecond: over(ioRise(before.io, after.io, 'writeBytes'), seconds),
    pressure: pressureOf(before, after, us)
  }
}

/** `rates(…).cpuCores` alone: computing all rates would cost too much for a history of all containers. */
export function cpuCores (before: Reading | null, after: Reading): number | null {
  return over(rise(before?.cpu.usageUs, after.cpu.usageUs), usBetween(before, after))
}

/** `rates(…).pressure` alone. */
export function pressureRates (before: Reading | null, after: Reading): Rates['pressure'] | null {
  const us = usBetween(before, after)
  return before === null || us === null ? null : pressureOf(before, after, us)
}

/** `null` if these two readings give no rate. */
function usBetween (before: Reading | null, after: Reading): number | null {
  if (before === null || before.inode !== after.inode) return null
  const us = after.monotonicUs - before.monotonicUs
  return us > 0 ? us : null
}

function pressureOf (before: Reading, after: Reading, us: number): Rates['pressure'] {
  return {
    cpu: pressureShares(before.pressure.cpu, after.pressure.cpu, us),
    memory: pressureShares(before.pressure.memory, after.pressure.memory, us),
    io: pressureShares(before.pressure.io, after.pressure.io, us)
  }
}

/**
 * The share of periods in which the container was stopped, of those in which it wanted CPU. The kernel counts no other
 * periods, so none at all means that there was nothing to throttle: `null`, and not "not throttled".
 */
export function throttledShare (before: Reading | null, after: Reading): number | null {
  return shareOf(cpuRise(before, after, 'nrThrottled'), cpuRise(before, after, 'nrPeriods'))
}

/** Three answers: where the kernel does not count, "not throttled" would be a guess. */
export type Throttling = 'throttled' | 'not_throttled' | 'not_measured'

/** Whether the container was stopped for having used up its quota. */
export function throttlingBetween (before: Reading | null, after: Reading): Throttling {
  const throttled = cpuRise(before, after, 'nrThrottled')
  if (throttled === null) return 'not_measured'
  return throttled > 0 ? 'throttled' : 'not_throttled'
}

function cpuRise (before: Reading | null, after: Reading, key: 'nrPeriods' | 'nrThrottled'): number | null {
  return before === null || before.inode !== after.inode ? null : rise(before.cpu[key], after.cpu[key])
}

/**
 * A share of pressure, at most 1. The clock is read a moment before the pressure files are. On a busy host the reader
 * may be stopped in between; the counter then covers more time than the clock, and the share would be above 1.
 */
export function pressureShare (share: number | null | undefined): number | null {
  return share === null || share === undefined ? null : Math.min(1, share)
}

function pressureShares (before: Pressure | null, after: Pressure | null, us: number): PressureShares | null {
  if (before === null || after === null) return null
  return {
    someShare: over(rise(before.some?.totalUs, after.some?.totalUs), us),
    fullShare: over(rise(before.full?.totalUs, after.full?.totalUs), us)
  }
}

/**
 * The sum over all devices. A device that appears between the readings started at 0; one that vanishes takes its
 * counters with it.
 */
function ioRise (before: IoDevice[] | null, after: IoDevice[] | null, key: 'readBytes' | 'writeBytes'): number | null {
  if (before === null || after === null) return null
  let sum = 0
  for (const device of after) {
    const earlier = before.find(({ major, minor }) => major === device.major && minor === device.minor)
    const to = device[key]
    const from = earlier === undefined ? (to === null ? null : 0) : earlier[key]
    // If only one of the readings has the count, the rise is unknown; it is certainly not the counter's whole value.
    if ((from === null) !== (to === null)) return null
    sum += Math.max(0, (to ?? 0) - (from ?? 0))
  }
  return sum
}
