/**
 * From the kernel's totals to what is drawn. A restart begins totals at 0 again; a missing reading is `null`, and stays
 * one. Pure.
 */
import type { Values } from '#lab/web/state/columns.ts'

/** How much a total has risen since its first value, over restarts too. */
export function riseOf (totals: Values): Values {
  let sum = 0
  let before: number | null = null
  return totals.map(total => {
    if (total === null) return null
    if (before !== null) sum += total >= before ? total - before : total
    before = total
    return sum
  })
}

/** A total's rise per second, over at least `windowSeconds`; `null` across a restart or a missing reading. */
export function rateOf (totals: Values, seconds: number[], windowSeconds: number): Values {
  return totals.map((total, i) => {
    const from = windowStart(seconds, i, windowSeconds)
    const rise = from === null ? null : riseBetween(totals, from, i)
    return rise === null ? null : rise / (seconds[i]! - seconds[from!]!)
  })
}

/** Of what `all` rose by, the share that `part` rose by; `null` where nothing rose: there is no share of nothing. */
export function shareOf (part: Values, all: Values, seconds: number[], windowSeconds: number): Values {
  return part.map((_, i) => {
    const from = windowStart(seconds, i, windowSeconds)
    if (from === null) return null
    const rise = riseBetween(part, from, i)
    const whole = riseBetween(all, from, i)
    return rise === null || whole === null || whole === 0 ? null : rise / whole
  })
}

/** The highest value of a line; of a rise, what it came to. */
export function highestOf (values: Values): number | null {
  return values.reduce<number | null>((highest, value) => value === null || (highest !== null && highest >= value) ? highest : value, null)
}

/** The newest entry that is at least so long ago; within the first window, the first of all. */
function windowStart (seconds: number[], i: number, windowSeconds: number): number | null {
  if (i === 0) return null
  for (let from = i - 1; from > 0; from--) if (seconds[i]! - seconds[from]! >= windowSeconds) return from
  return 0
}

function riseBetween (totals: Values, from: number, to: number): number | null {
  for (let i = from; i <= to; i++) {
    const total = totals[i]
    if (total == null || (i > from && total < totals[i - 1]!)) return null
  }
  return totals[to]! - totals[from]!
}
