import type { Fault } from './fault.ts'
import type { EffectiveLimits, Limits, Reading } from './reading.ts'

/**
 * How much is read. Each extent has what the one before it has; what would take more files is `null` in the reading.
 *
 *     core    limits, CPU used and throttled, memory and its peak, kills and hits of the memory limit, tasks, pressure:
 *             what a history is made of, and the evidence of a kill and its cause
 *     shown   the kernel's memory, swap, the most tasks at once, hits of the pids limit: what is also worth looking at
 *     full    user and system time, IO, processes
 */
export type Extent = 'core' | 'shown' | 'full'

const extents: Extent[] = ['core', 'shown', 'full']

/** Whether a reading of this extent has all that one of the other has. */
export function includesExtent (extent: Extent, other: Extent): boolean {
  return extents.indexOf(extent) >= extents.indexOf(other)
}

/** How many of its processes an OOM killer has killed; `count` is `null` if the kernel does not say. */
export interface OomKills { inode: number, count: number | null }

/**
 * One cgroup. Its methods are the same for v1 and v2. `ownCgroup` and `cgroupAt` in locate.ts make one. It opens
 * nothing until its first reading, and then keeps one descriptor per file until `close()`.
 *
 * `read`, `oomKills` and `effectiveLimits` return `null` if the cgroup is gone. The object can be kept when a container
 * restarts under the same path: the next call opens the files of the new directory, and the answer has a new `inode`.
 *
 * If a file cannot be read (EACCES, EIO, EMFILE) or says something impossible (a number that is none), only its own
 * values are `null`, and `faults()` says which and why. All three throw only if the directory itself is closed.
 */
export interface Cgroup {
  /** Below the root it was found under, with a leading slash: `/system.slice/docker-<id>.scope`. */
  readonly path: string
  /**
   * Given an `earlier` reading of the same life, re-reads only the limits that people change at run time (quota,
   * memory, pids). If those are unchanged, the rest are carried over.
   */
  read (earlier?: Reading | null, extent?: Extent): Reading | null
  /** Reads one file, a small part of what the smallest reading costs. */
  oomKills (): OomKills | null
  /** `own` are the cgroup's own limits, if they were just read. */
  effectiveLimits (own?: Limits): EffectiveLimits | null
  /** What could not be read or understood the last time: of this cgroup, and of those above it. */
  faults (): Fault[]
  close (): void
}
