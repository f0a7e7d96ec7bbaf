/**
 * The one arithmetic of counters: totals to rises, rates and shares. The kernel counts up from 0 in each life of a
 * cgroup, and a restart begins a new life. `null` = not measured, which is never the same as 0. Pure.
 */

/** What a counter had come to at one reading. `life` is the same as long as the cgroup is: its inode, for example. */
export interface Total { life: number, value: number }

/** Between two readings of one life. A counter that fell is not the counter that was read before: `null`. */
export function rise (before: number | null | undefined, after: number | null | undefined): number | null {
  return before == null || after == null || after < before ? null : after - before
}

/** The same, and `null` across a restart: how much was counted after the last reading of a life is not known. */
export function riseInLife (before: Total, after: Total): number | null {
  return before.life === after.life ? rise(before.value, after.value) : null
}

/** Over restarts: each life counts from 0, and the first one from its first reading. At least what really rose. */
export function riseOverLives (totals: Total[]): number | null {
  return totals.length < 2 ? null : risesOverLives(totals).at(-1)!
}

/** The same at each reading. A missing reading stays missing, and what rose meanwhile comes after it. */
export function risesOverLives (totals: Array<Total | null>): Array<number | null> {
  let sum = 0
  let before: Total | null = null
  return totals.map(total => {
    if (total === null) return null
    if (before !== null) sum += before.life === total.life ? rise(before.value, total.value) ?? 0 : total.value
    before = total
    return sum
  })
}

/** A rate: the rise for each unit of `by`, such as seconds. */
export function over (rise: number | null, by: number | null): number | null {
  return rise === null || by === null ? null : rise / by
}

/** The rise of a part as a share of the whole rise. There is no share of nothing: `null` if the whole did not rise. */
export function shareOf (part: number | null, whole: number | null): number | null {
  return whole === 0 ? null : over(part, whole)
}
