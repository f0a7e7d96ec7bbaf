/** From totals to the lines of a chart, with the arithmetic that verdicts use. A missing reading stays `null`. Pure. */
import { over, riseInLife, shareOf, type Total } from '#cgroup/counters.ts'
import type { Values } from '#lab/web/state/columns.ts'

export type Totals = Array<Total | null>

/** A total's rise per second, over at least `windowSeconds`; `null` across a restart or a missing reading. */
export function rateLine (totals: Totals, seconds: number[], windowSeconds: number): Values {
  return totals.map((_, i) => {
    const from = windowStart(seconds, i, windowSeconds)
    return from === null ? null : over(riseBetween(totals, from, i), seconds[i]! - seconds[from]!)
  })
}

/** The share of `all` that is `part`, over at least `windowSeconds`; `null` where `all` did not rise, too. */
export function shareLine (part: Totals, all: Totals, seconds: number[], windowSeconds: number): Values {
  return part.map((_, i) => {
    const from = windowStart(seconds, i, windowSeconds)
    return from === null ? null : shareOf(riseBetween(part, from, i), riseBetween(all, from, i))
  })
}

/** The highest value of a line; the last one of a rise. */
export function highestOf (values: Values): number | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : known.reduce((highest, value) => Math.max(highest, value))
}

/** The newest entry that is at least `windowSeconds` ago; within the first window, the very first one. */
function windowStart (seconds: number[], i: number, windowSeconds: number): number | null {
  if (i === 0) return null
  for (let from = i - 1; from > 0; from--) if (seconds[i]! - seconds[from]! >= windowSeconds) return from
  return 0
}

/** `null` where any step is not measured. */
function riseBetween (totals: Totals, from: number, to: number): number | null {
  let sum = 0
  for (let i = from + 1; i <= to; i++) {
    const [before, after] = [totals[i - 1], totals[i]]
    const step = before && after ? riseInLife(before, after) : null
    if (step === null) return null
    sum += step
  }
  return sum
}
