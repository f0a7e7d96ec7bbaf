/** The limits of the containers in one chart, each value once, and how high the chart has to be for them. Pure. */

export interface LimitLine {
  value: number
  label: string
}

/** The same limit for several containers is one line that names them all; for all containers of the chart, it names nobody. */
export function limitLines (limits: Array<{ name: string, limit: number | null }>, format: (limit: number) => string): LimitLine[] {
  const byValue = new Map<number, string[]>()
  for (const { name, limit } of limits) if (limit !== null) byValue.set(limit, [...byValue.get(limit) ?? [], name])
  return [...byValue].sort(([a], [b]) => a - b).map(([value, names]) => ({
    value,
    label: names.length === limits.length ? `limit ${format(value)}` : `limit ${format(value)}: ${names.join(', ')}`
  }))
}

/** From zero to a little above the highest limit, or above the highest value where nobody has a limit. */
export function rangeWith (lines: LimitLine[], highestValue: number | null, least: number): [number, number] {
  return [0, Math.max(...lines.map(({ value }) => value), highestValue ?? 0, least) * 1.12]
}
