/** Digits that change more often than this cannot be read. */
export const DIGITS_MS = 450

/** Says whether it is time to draw, at most once in `everyMs`. */
export function pacer (): (everyMs: number, isAtOnce: boolean) => boolean {
  let lastMs = -Infinity
  return (everyMs, isAtOnce) => {
    const nowMs = performance.now()
    if (!isAtOnce && nowMs - lastMs < everyMs) return false
    lastMs = nowMs
    return true
  }
}
