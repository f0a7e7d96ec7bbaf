import type { Extent } from './extent.ts'
import type { Fault } from './fault.ts'
import type { EffectiveLimits, Limits, Reading } from './reading.ts'

/**
 * One cgroup, v1 or v2, asked the same questions. Made by `ownCgroup` or `cgroupAt` in locate.ts; opens nothing until
 * the first question, then keeps one descriptor per file until `close()`.
 *
 * `null` from either question: the cgroup is gone. Nothing has to be made anew when a container restarts under the same
 * path: the next question opens the new directory's files, and the reading carries a new `inode`.
 *
 * A file that cannot be had (EACCES, EIO, EMFILE), or says what cannot be believed (a number that is none), costs only
 * its own values: they are `null`, and `faults()` says which and why. Both throw only where the directory itself is
 * closed.
 */
export interface Cgroup {
  /** Below the root it was found under, with a leading slash: `/system.slice/docker-<id>.scope`. */
  readonly path: string
  /**
   * With `earlier`, a reading of the same life, only those limits are read that people change while a container runs:
   * quota, memory and pids. While they are the same, the others are taken over with them.
   */
  read (earlier?: Reading | null, extent?: Extent): Reading | null
  /** `own`: its limits, where they were just read. */
  effectiveLimits (own?: Limits): EffectiveLimits | null
  /** What could not be had or understood when it was last read: of this cgroup, and of those above. */
  faults (): Fault[]
  close (): void
}
