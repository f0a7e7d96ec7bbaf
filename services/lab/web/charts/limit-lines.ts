/** The limits of the containers in one chart, each value once, and how high the chart has to be for them. Pure. */

export interface LimitLine {
  value: number
  label: string
}

/** More names than this would cover the chart. */
const MOST_NAMES = 2

/** Containers with the same limit share a line. The limit of most needs no name; the exceptions get theirs. */
export function limitLines (
  limits: Array<{ name: string, limit: number | null }>, format: (limit: number) => string
): LimitLine[] {
  const byValue = new Map<number, string[]>()
  for (const { name, limit } of limits) if (limit !== null) byValue.set(limit, [...byValue.get(limit) ?? [], name])
  const most = Math.max(...[...byValue.values()].map(names => names.length))
  const isUsual = (names: string[]) =>
    names.length === limits.length || (names.length === most && most > MOST_NAMES)
  return [...byValue].sort(([a], [b]) => a - b).map(([value, names]) =>
    ({ value, label: isUsual(names) ? `limit ${format(value)}` : `limit ${format(value)}: ${namesOf(names)}` }))
}

function namesOf (names: string[]): string {
  return names.length <= MOST_NAMES ? names.join(', ') : `${names.length} containers`
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
