/** Seconds since this lab started, by a clock that is never set: what tells how far apart two things were. */
export function uptimeSeconds (monotonicMs = performance.now()): number {
  return Math.round(monotonicMs) / 1000
}
