import { over, rise } from '#cgroup/counters.ts'
import { oomBetween, type OomReading } from '#cgroup/oom-cause.ts'
import { maxKnown, sampledPeak, type Peak } from '#cgroup/peak.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { Usage } from '#shared/jobs/job.ts'

/** Microseconds in a second. */
const US = 1e6

/** The part of a reading from which a job's usage and the evidence of a kill are made. */
export type UsageReading = Pick<Reading, 'monotonicUs'> & OomReading & {
  cpu: Pick<Reading['cpu'], 'usageUs' | 'throttledUs'>
  memory: Pick<Reading['memory'], 'currentBytes'>
}

/** What the container used between two readings. `highestBytes` is the highest usage sampled in between. */
export function usageBetween (before: UsageReading, after: UsageReading, highestBytes: number | null): Usage {
  const peak = peakBetween(before, after, highestBytes)
  return {
    cpuSeconds: over(rise(before.cpu.usageUs, after.cpu.usageUs), US),
    throttledSeconds: over(rise(before.cpu.throttledUs, after.cpu.throttledUs), US),
    peakMemoryBytes: peak.bytes,
    peakMemoryFrom: peak.from,
    wallMs: Math.round((after.monotonicUs - before.monotonicUs) / 1000)
  }
}

/**
 * The kernel's own mark covers the container's whole life. It belongs to this job if it rose in the meantime, or if the
 * kernel had to kill for the container's own limit, since that happens at the top. Otherwise the highest sampled usage
 * has to do.
 */
function peakBetween (before: UsageReading, after: UsageReading, highestBytes: number | null): Peak {
  const [first, last] = [before.memory.peakBytes, after.memory.peakBytes]
  const isOfJob = first !== null && last !== null && (last > first || isKillForOwnLimit(before, after))
  if (isOfJob) return { bytes: last, from: 'kernel' }
  return sampledPeak(maxKnown(highestBytes, maxKnown(before.memory.currentBytes, after.memory.currentBytes)))
}

function isKillForOwnLimit (before: UsageReading, after: UsageReading): boolean {
  const { kills, cause } = oomBetween(before, after)
  return (kills ?? 0) > 0 && cause === 'own_limit'
}
