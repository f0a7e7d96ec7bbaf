/**
 * A part of a reading that could not be read (EACCES, EPERM, EIO) or understood. Its value is `null`, and the rest of
 * the reading is valid. A value that the kernel does not provide is `null` too, but is no fault.
 */
export interface Fault {
  /** The file. */
  path: string
  /** Which value in it; `null`: all of them. */
  key: string | null
  error: Error
}

/** Called with a fault each time it occurs; the receiver decides how often to report it. */
export type OnFault = (fault: Fault) => void

/** For callers that use `Cgroup.faults()` instead, or to which `null` is enough. */
export const ignoreFaults: OnFault = () => {}
