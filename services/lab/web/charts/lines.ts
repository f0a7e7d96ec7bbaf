/** Which lines a chart has: one for each container, or three for the many containers of one service. Pure. */
import type { Column, ColumnSeries, Values } from '#lab/web/state/columns.ts'
import type { RingBuffer } from '#lab/web/state/ring-buffer.ts'
import type { LineStyle } from './line-style.ts'

export interface ChartLine {
  key: string
  label: string
  /** As long as the time of `columns`, from `from` on. */
  values: Values
  style: LineStyle
  /** What the line is made of. */
  columns: Column[]
}

/** What is needed to name the lines and to tell them apart. */
export interface LineLook { nameOf: (column: Column) => string, styleOf: (column: Column) => LineStyle }

/** More lines in one colour than this cannot be told apart. */
const MOST_COPIES = 6

/** `columns` are in the order of their services. */
export function linesOf (columns: Column[], series: ColumnSeries, from: number, look: LineLook): ChartLine[] {
  const services = [...new Set(columns.map(({ service }) => service))]
  return services.flatMap(service => {
    const copies = columns.filter(column => column.service === service)
    return copies.length > MOST_COPIES
      ? spreadLines(service, copies, series, from, look)
      : copies.map(column => lineOf(column, series, from, look))
  })
}

function lineOf (column: Column, series: ColumnSeries, from: number, { nameOf, styleOf }: LineLook): ChartLine {
  const values = column.series[series].slice(from)
  return { key: column.id, label: nameOf(column), values, style: styleOf(column), columns: [column] }
}

function spreadLines (
  service: string, columns: Column[], series: ColumnSeries, from: number, { styleOf }: LineLook
): ChartLine[] {
  const { highest, mean, lowest } = spreadOf(columns.map(column => column.series[series]), from)
  const { colour } = styleOf(columns[0]!)
  const line = (name: string, values: Values, dash: number[]): ChartLine =>
    ({ key: `${service} ${name}`, label: `${service} ${name}`, values, style: { colour, dash }, columns })
  return [line('max', highest, []), line('mean', mean, [6, 3]), line('min', lowest, [2, 3])]
}

export interface Spread { highest: Values, mean: Values, lowest: Values }

/** Of all values at each moment that are measured. Where none is, all three are `null`. */
export function spreadOf (lines: Array<Pick<RingBuffer, 'length' | 'at'>>, from: number): Spread {
  const spread: Spread = { highest: [], mean: [], lowest: [] }
  const length = lines[0]?.length ?? 0
  for (let i = from; i < length; i++) {
    let [highest, lowest, sum, count] = [-Infinity, Infinity, 0, 0]
    for (const values of lines) {
      const value = values.at(i)
      if (value === null) continue
      if (value > highest) highest = value
      if (value < lowest) lowest = value
      sum += value
      count++
    }
    spread.highest.push(count === 0 ? null : highest)
    spread.mean.push(count === 0 ? null : sum / count)
    spread.lowest.push(count === 0 ? null : lowest)
  }
  return spread
}
