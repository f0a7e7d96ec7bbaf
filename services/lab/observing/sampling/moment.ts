/** One moment on two clocks. */
export interface Moment {
  /** Since the epoch, for people. */
  atMs: number
  /** Of a clock that is never set, for everything that is computed. */
  monotonicMs: number
}

export function thisMoment (): Moment {
  return { atMs: Date.now(), monotonicMs: performance.now() }
}
