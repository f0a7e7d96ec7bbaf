import type { EffectiveLimits, Limits, Reading } from './reading.ts'

/**
 * How much is read, each with what the one before it has; what takes files beyond that is `null` in the reading.
 *
 *     core    limits, CPU used and throttled, memory and its peak, kills, tasks, pressure: what a history is made of, and what tells a kill
 *     shown   the kernel's memory, swap, the most tasks at once, how often a limit was met: what else is worth looking at while it happens
 *     full    user and system time, IO, processes
 */
export type Extent = 'core' | 'shown' | 'full'

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
