import type { Reading } from '../cgroup/reading.ts'
import type { Usage } from '../shared/job.ts'

/** The part of a reading that a job's usage is made from. */
export type UsageReading = Pick<Reading, 'monotonicUs'> & {
  cpu: Pick<Reading['cpu'], 'usageUs' | 'throttledUs'>
  memory: Pick<Reading['memory'], 'currentBytes' | 'peakBytes'> & { events: { oomKill: number | null } }
}

/**
 * What the container used between two readings. `highestBytes`: the highest usage seen in between.
 *
 * The kernel's own peak is of the container's whole life. It belongs to this job if it rose meanwhile, or if the
 * kernel had to kill, since that happens at the peak; else the highest usage that was seen has to do.
 */
export function usageBetween (before: UsageReading, after: UsageReading, highestBytes: number | null): Usage {
  return {
    cpuSeconds: secondsBetween(before.cpu.usageUs, after.cpu.usageUs),
    throttledSeconds: secondsBetween(before.cpu.throttledUs, after.cpu.throttledUs),
    peakMemoryBytes: isPeakOfJob(before, after) ? after.memory.peakBytes : highestOf(before, after, highestBytes),
    wallMs: Math.round((after.monotonicUs - before.monotonicUs) / 1000)
  }
}

/** `null` where the kernel does not count kills. */
export function oomKillsBetween (before: UsageReading, after: UsageReading): number | null {
  const [first, last] = [before.memory.events.oomKill, after.memory.events.oomKill]
  return first === null || last === null ? null : last - first
}

function isPeakOfJob (before: UsageReading, after: UsageReading): boolean {
  if (after.memory.peakBytes === null || before.memory.peakBytes === null) return false
  return after.memory.peakBytes > before.memory.peakBytes || (oomKillsBetween(before, after) ?? 0) > 0
}

function highestOf (before: UsageReading, after: UsageReading, highestBytes: number | null): number | null {
  const seen = [before.memory.currentBytes, highestBytes, after.memory.currentBytes].filter(bytes => bytes !== null)
  return seen.length === 0 ? null : Math.max(...seen)
}

function secondsBetween (beforeUs: number | null, afterUs: number | null): number | null {
  return beforeUs === null || afterUs === null ? null : (afterUs - beforeUs) / 1e6
}
