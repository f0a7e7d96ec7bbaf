import type { Extent } from './extent.ts'
import type { EffectiveLimits, Limits, Reading } from './reading.ts'

/**
 * One cgroup, v1 or v2, asked the same questions. Made by `ownCgroup` or `cgroupAt` in locate.ts; opens nothing until the
 * first question, then keeps one descriptor per file until `close()`.
 *
 * `null` from either question: the cgroup is gone. Nothing has to be made anew when a container restarts under the same
 * path: the next question opens the new directory's files, and the reading carries a new `inode`.
 *
 * Both throw where the kernel's answer cannot be believed or had (EACCES, EMFILE, a number that is none), with the file
 * and the text in the message.
 */
export interface Cgroup {
  /** Below the root it was found under, with a leading slash: `/system.slice/docker-<id>.scope`. */
  readonly path: string
  /**
   * With `earlier`, a reading of the same life, only those limits are read that people change while a container runs: quota, memory
   * and pids. While they are the same, the others are taken over with them.
   */
  read (earlier?: Reading | null, extent?: Extent): Reading | null
  /** `own`: its limits, where they were just read. */
  effectiveLimits (own?: Limits): EffectiveLimits | null
  close (): void
}
