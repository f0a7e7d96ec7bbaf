import type Plot from 'uplot'
import { formatHour, formatTime } from '#lab/format.ts'
import { startOfLast, type Column } from '#lab/web/state/columns.ts'
import type { HistorySeries } from '#lab/wire/live.ts'
import { drawLimits, drawMarks, drawNoLimit, type Colours } from './draw.ts'
import type { LineStyle } from './line-style.ts'
import { earlierLimits, limitLines, type LimitLine, type LimitsOfOne } from './limit-lines.ts'
import { createLinePlot, type Drawing, type LinePlot, type PlotSpec } from './line-plot.ts'
import { linesOf, type ChartLine } from './lines.ts'

export interface ChartSpec extends PlotSpec {
  series: HistorySeries
  /** The line that the chart is about; `null` where there is none. */
  limitOf: ((column: Column) => number | null) | null
  /** What to say where there is not one value. */
  emptyText: string
}

export interface ChartView {
  at: number[]
  columns: Column[]
  names: Map<string, string>
  styleOf: (column: Column) => LineStyle
  colour: Colours
  windowSeconds: number
  series?: HistorySeries
}

/** What is drawn: a view with its lines. `at` begins where they do. */
interface DrawnView extends ChartView { lines: ChartLine[] }

/**
 * A line for each container over the last minutes, its limit as a line, and under it the same in words. Where a service
 * has many containers, three lines stand for them: the highest, the mean and the lowest.
 */
export function createChart (
  host: HTMLElement, spec: ChartSpec, heading: 'h3' | 'h4' = 'h3'
): LinePlot<ChartView> {
  const plot = createLinePlot<DrawnView>(host, spec, {
    heading,
    crosshair: 'lab',
    padding: [8, 8, 0, 0],
    lineWidth: 1.5,
    isTime: true,
    rangeOf: ({ at, windowSeconds }) => [(at.at(-1) ?? 0) - windowSeconds, at.at(-1) ?? 0],
    labelSpace: 76,
    labelsOf: ({ windowSeconds }, plot, ticks) =>
      ticks.map(at => (isInside(plot, at) ? axisTime(at, windowSeconds) : '')),
    drawingOf: view => drawingOf(spec, view),
    decorate: (plot, view, limits) => { decorate(spec, plot, view, limits) },
    wordsOf: (view, pointed) => wordsOf(spec, view, pointed)
  })
  return { update: (view, due) => { plot.update(drawnView(spec, view), due) } }
}

function drawnView (spec: ChartSpec, view: ChartView): DrawnView {
  const { at, columns, windowSeconds, styleOf } = view
  const from = startOfLast(windowSeconds, at)
  const look = { nameOf: (column: Column) => nameIn(view, column), styleOf }
  return { ...view, at: at.slice(from), lines: linesOf(columns, view.series ?? spec.series, from, look) }
}

function drawingOf (spec: ChartSpec, view: DrawnView): Drawing {
  const { at, lines, columns, windowSeconds } = view
  const limits = columns.map(column => ({ name: nameIn(view, column), steps: stepsOf(spec, column) }))
  const earlier = earlierLimits(limits).filter(({ to }) => to > (at[0] ?? 0))
  return {
    at,
    lines,
    limits: [...limitLines(limits, spec.formatLimit), ...earlier],
    emptyText: emptyTextOf(spec, view),
    label: [
      `${spec.sentence} The last ${windowSeconds / 60} minutes.`,
      ...earlier.map(({ name, value, to }) => `${name}: limit ${spec.formatLimit(value)} until ${formatTime(to * 1000)}.`),
      'The current values follow as a list.'
    ].join(' ')
  }
}

function stepsOf ({ limitOf }: ChartSpec, column: Column): LimitsOfOne['steps'] {
  if (limitOf === null) return []
  return column.limitSteps.map(({ at, effective }) => ({ at, limit: limitOf({ ...column, effective }) }))
}

function emptyTextOf (spec: ChartSpec, { at, columns, lines }: DrawnView): string {
  if (lines.some(({ values }) => values.some(value => value !== null))) return ''
  if (at.length === 0) return 'waiting for the first samples'
  return columns.length === 0 ? 'no container is selected' : spec.emptyText
}

function decorate (spec: ChartSpec, plot: Plot, { columns, colour }: ChartView, limits: LimitLine[]): void {
  drawLimits(plot, limits, colour)
  drawMarks(plot, limits.flatMap(({ to }) => to === undefined ? [] : [{ atSeconds: to, label: '' }]), colour)
  if (spec.limitOf !== null && limits.length === 0 && columns.length > 0) drawNoLimit(plot, colour)
}

function wordsOf (spec: ChartSpec, { at, lines }: DrawnView, pointed: number | null) {
  const i = pointed ?? at.length - 1
  return {
    moment: at.length === 0 ? '' : pointed === null ? 'now' : formatTime((at[i] ?? 0) * 1000),
    entries: lines.map(line => ({ key: line.key, label: line.label, value: valueAt(spec, line, i), style: line.style }))
  }
}

function valueAt (spec: ChartSpec, { values, columns }: ChartLine, i: number): string {
  const value = values[i] ?? null
  if (value !== null) return spec.format(value)
  return columns.some(column => isThere(column, i - values.length)) ? 'not measured' : 'not there'
}

/** `fromEnd`: -1 for the newest moment. */
function isThere ({ series }: Column, fromEnd: number): boolean {
  return (series.memoryBytes.at(fromEnd) ?? series.pids.at(fromEnd) ?? null) !== null
}

function nameIn ({ names }: ChartView, { id, name }: Column): string {
  return names.get(id) ?? name
}

/** A label that would be cut off at an edge is left out: half of it reaches beyond its place. */
function isInside (plot: Plot, at: number): boolean {
  const px = plot.valToPos(at, 'x')
  return px > -30 && px < plot.bbox.width / devicePixelRatio - 22
}

function axisTime (at: number, windowSeconds: number): string {
  return windowSeconds > 60 ? formatHour(at * 1000) : formatTime(at * 1000)
}
