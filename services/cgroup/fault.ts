/**
 * Something of a reading that could not be had or understood: refused (EACCES, EPERM, EIO), or a text that is none of a
 * cgroup file. Its value is `null`, and the reading stands. What tells it from a value of which the kernel does not
 * speak is that it is told here.
 */
export interface Fault {
  /** The file. */
  path: string
  /** Which value in it; `null`: all of them. */
  key: string | null
  error: Error
}

/** Told of a fault each time it is met: whoever listens decides how often that is news. */
export type OnFault = (fault: Fault) => void

/** For who asks `Cgroup.faults()` instead, or is content with `null`. */
export const ignoreFaults: OnFault = () => {}
