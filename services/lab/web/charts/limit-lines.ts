/** The limits of the containers in one chart, each value once, and how high the chart has to be for them. Pure. */

export interface LimitLine {
  value: number
  /** From when to when it was in force, in seconds of the axis; left out: all the time. */
  from?: number
  to?: number
  label: string
}

/** More names than this would cover the chart. */
const MOST_NAMES = 2

/** The limits of one container over time, oldest first: each is in force until the next. `null`: none, or not known. */
export interface LimitsOfOne { name: string, steps: Array<{ at: number, limit: number | null }> }

/** Containers with the same limit share a line. The limit of most needs no name; the exceptions get theirs. */
export function limitLines (containers: LimitsOfOne[], format: (limit: number) => string): LimitLine[] {
  const byValue = new Map<number, LimitsOfOne[]>()
  for (const one of containers) {
    const limit = one.steps.at(-1)?.limit ?? null
    if (limit !== null) byValue.set(limit, [...byValue.get(limit) ?? [], one])
  }
  const most = Math.max(...[...byValue.values()].map(({ length }) => length))
  const isUsual = (count: number) => count === containers.length || (count === most && most > MOST_NAMES)
  return [...byValue].sort(([a], [b]) => a - b).map(([value, sharing]) => ({
    value,
    ...since(sharing),
    label: isUsual(sharing.length) ? `limit ${format(value)}` : `limit ${format(value)}: ${namesOf(sharing)}`
  }))
}

/** A line begins where the first of those that share it got this limit, unless one of them has always had it. */
function since (sharing: LimitsOfOne[]): Pick<LimitLine, 'from'> {
  const starts = sharing.map(({ steps }) => changesIn(steps).at(-1)?.at ?? -Infinity)
  const from = Math.min(...starts)
  return from === -Infinity ? {} : { from }
}

export interface EarlierLimit extends LimitLine { name: string, from: number, to: number }

/** The limits that were in force before. Their lines need no label: the line that follows has one. */
export function earlierLimits (containers: LimitsOfOne[]): EarlierLimit[] {
  return containers.flatMap(({ name, steps }) => changesIn(steps).flatMap(({ before, from, at }) =>
    before === null ? [] : [{ name, value: before, from, to: at, label: '' }]))
}

/** Where one limit followed another. A step that changes another limit is none. */
function changesIn (steps: LimitsOfOne['steps']): Array<{ at: number, from: number, before: number | null }> {
  const different = steps.filter(({ limit }, i) => i === 0 || limit !== steps[i - 1]!.limit)
  return different.slice(1).map(({ at }, i) => ({ at, from: different[i]!.at, before: different[i]!.limit }))
}

function namesOf (sharing: LimitsOfOne[]): string {
  return sharing.length <= MOST_NAMES ? sharing.map(({ name }) => name).join(', ') : `${sharing.length} containers`
}

/** From zero to a little above the highest limit or value, whichever is higher, and above `least`. */
export function rangeWith (lines: LimitLine[], highestValue: number | null, least: number): [number, number] {
  return [0, Math.max(...lines.map(({ value }) => value), highestValue ?? 0, least) * 1.12]
}

/** Whole powers of ten around the lines and the values, up to `least` if there are none. */
export function decadesWith (
  lines: LimitLine[], lowestValue: number | null, highestValue: number | null, least: number
): [number, number] {
  const values = [...lines.map(({ value }) => value), lowestValue, highestValue]
    .filter(value => value !== null)
    .filter(value => value > 0)
  const highest = 10 ** Math.ceil(Math.log10(Math.max(least, ...values)))
  const lowest = 10 ** Math.floor(Math.log10(Math.min(highest / 10, ...values)))
  return [lowest, highest]
}

/** The powers of ten in a range. */
export function decadesIn (from: number, to: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(from)), Math.floor(Math.log10(to))]
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i))
}
