/**
 * Whose limit a process of a cgroup was killed for, as far as the kernel counts it. `oom_kill` counts those "killed by
 * any kind of OOM killer": for its own limit, for one above, or because the machine ran out. These distinguish them:
 *
 *     v2   memory.events   oom 1     rises where a limit was met and nothing could be reclaimed, and in the cgroups
 *                                    above, never below; each time kills at most one process, or, with
 *                                    memory.oom.group, all processes of one cgroup
 *                          max 37    rises when the limit is met, also by page cache, which is then reclaimed: it is no
 *                                    sign of a kill
 *     v1   memory.failcnt  44        rises with each charge that the cgroup's own limit refused
 *          memory.max_usage_in_bytes, memory.memsw.max_usage_in_bytes      how near it ever came to either limit
 *
 * v1 does not count `oom`: the counts can prove that the cgroup's own limit was not the reason, never that it was. Nor
 * does failcnt cover the limit on memory and swap together (memsw), which Docker always sets: the kernel checks that
 * limit first, and since Linux 6.13 its failcnt stays 0.
 *
 * Documentation/admin-guide/cgroup-v2.rst, "memory.events"; cgroup-v1/memory.rst; mm/memcontrol.c, try_charge and
 * mem_cgroup_oom.
 */
import type { CgroupVersion, Limit, Limits, MemoryEvents, MemoryUsage } from './reading.ts'

/**
 * - `own_limit`: the limit of the cgroup itself, or of a cgroup below it
 * - `not_own_limit`: a limit above it, or the machine ran out
 * - `not_counted`: the counts do not say
 */
export type OomCause = 'own_limit' | 'not_own_limit' | 'not_counted'

/** The part of a reading from which the cause is found. */
export interface OomReading {
  /** `null` if nothing was read. */
  version: CgroupVersion | null
  limits: Pick<Limits, 'memoryMaxBytes' | 'rawSwapMaxBytes'>
  memory: Pick<MemoryUsage, 'peakBytes' | 'memswPeakBytes'> & {
    events: Pick<MemoryEvents, 'max' | 'oom' | 'oomKill' | 'oomGroupKill'>
  }
}

/** Kills between two readings, and what is known about their cause. */
export interface OomEvidence {
  /** Meaningful only if `kills` is not 0. */
  cause: OomCause
  /** How far each count rose in between; `null` if it is not counted. */
  kills: number | null
  ooms: number | null
  /** `false` means that its own limit was certainly not met in between, not even by page cache. */
  isLimitMet: boolean
  /** The cgroup's own memory limit. */
  limit: Limit
  version: CgroupVersion | null
}

/** If `before` is null, the cgroup is younger, and all its counts began at 0. */
export function oomBetween (before: OomReading | null, after: OomReading): OomEvidence {
  const rise = (key: keyof OomReading['memory']['events']) =>
    riseOf(before === null ? 0 : before.memory.events[key], after.memory.events[key])
  const [kills, ooms] = [rise('oomKill'), rise('oom')]
  const isLimitMet = wasLimitMet(before, after, rise('max'))
  const cause =
    ooms === null ? causeWithoutCount(isLimitMet) : causeByCount(ooms, kills ?? 0, rise('oomGroupKill') ?? 0)
  return { cause, kills, ooms, isLimitMet, limit: after.limits.memoryMaxBytes, version: after.version }
}

function causeByCount (ooms: number, kills: number, groupKills: number): OomCause {
  if (ooms === 0) return 'not_own_limit'
  return kills <= ooms || groupKills > 0 ? 'own_limit' : 'not_counted'
}

function causeWithoutCount (isLimitMet: boolean): OomCause {
  return isLimitMet ? 'not_counted' : 'not_own_limit'
}

/** If the kernel does not say, the limit may have been met. `hits` is how far `max` or failcnt rose. */
function wasLimitMet (before: OomReading | null, after: OomReading, hits: number | null): boolean {
  const { memoryMaxBytes, rawSwapMaxBytes } = after.limits
  const mayBeMet = (limit: Limit, peak: 'peakBytes' | 'memswPeakBytes') =>
    limit !== 'max' && !isFarBelow(limit, before?.memory[peak] ?? null, after.memory[peak])
  const hasMemsw = after.version !== 'v2' && rawSwapMaxBytes !== null
  return (hasMemsw && mayBeMet(rawSwapMaxBytes, 'memswPeakBytes')) || (hits !== 0 && mayBeMet(memoryMaxBytes, 'peakBytes'))
}

/**
 * Usage is charged in batches, so a peak may stay a little below a limit that was met: a peak of 125562880 was read
 * under a limit of 125829120 that had refused 85 charges. If the peak stayed far below the limit, the limit was never
 * met.
 */
const FAR_BELOW_SHARE = 0.9

function isFarBelow (limit: number | null, ...peaks: Array<number | null>): boolean {
  const known = peaks.filter(peak => peak !== null)
  return limit !== null && known.length > 0 && Math.max(...known) < FAR_BELOW_SHARE * limit
}

/** A count that fell was reset by somebody, and says nothing. */
function riseOf (before: number | null, after: number | null): number | null {
  return before === null || after === null || after < before ? null : after - before
}
