import Plot from 'uplot'
import type { Values } from '#lab/web/state/columns.ts'
import { highestOf } from './derive.ts'
import { drawLimits, drawMarks, type Colours, type Mark } from './draw.ts'
import type { LineStyle } from './line-style.ts'
import { limitLines } from './limit-lines.ts'
import { createLinePlot, type Drawing, type LinePlot, type PlotSpec } from './line-plot.ts'

export interface TimelineSpec extends PlotSpec {
  /** A count keeps its value until it rises, so it is drawn in steps. */
  isCount: boolean
}

export interface TimelineLine { key: string, label: string, values: Values, limit: number | null, style: LineStyle }

export interface TimelineView {
  /** Since the beginning of what is shown. */
  seconds: number[]
  toSeconds: number
  lines: TimelineLine[]
  marks: Mark[]
  /** Until it is over the legend gives the newest values, afterwards the highest. */
  isOver: boolean
  /** What to say instead of lines. */
  emptyText: string
  colour: Colours
}

/** Lines over the seconds of one run or load, their limit, and under them the same in words. */
export function createTimeline (host: HTMLElement, spec: TimelineSpec): LinePlot<TimelineView> {
  return createLinePlot<TimelineView>(host, spec, {
    heading: 'h4',
    crosshair: 'timeline',
    padding: [14, 16, 0, 0],
    lineWidth: 1.75,
    ...(spec.isCount && { paths: Plot.paths.stepped!({ align: 1 }) }),
    isTime: false,
    rangeOf: ({ toSeconds }) => [0, toSeconds],
    labelSpace: 56,
    labelsOf: (_view, _plot, ticks) => ticks.map(second => `${second} s`),
    drawingOf: view => drawingOf(spec, view),
    decorate (plot, { marks, colour }, limits) {
      drawMarks(plot, marks, colour)
      drawLimits(plot, limits, colour)
    },
    wordsOf: (view, pointed) => wordsOf(spec, view, pointed)
  })
}

function drawingOf (spec: TimelineSpec, { seconds, lines, emptyText }: TimelineView): Drawing {
  const highest = lines.map(({ label, values }) => `${label}: at most ${spec.format(highestOf(values))}`)
  return {
    at: seconds,
    lines,
    limits: limitLines(lines.map(({ label, limit }) => ({ name: label, steps: [{ at: 0, limit }] })), spec.formatLimit),
    emptyText: lines.every(({ values }) => highestOf(values) === null) ? emptyText : '',
    label: `${spec.sentence} ${highest.join(', ')}.`
  }
}

function wordsOf (spec: TimelineSpec, { seconds, lines, isOver }: TimelineView, pointed: number | null) {
  const now = isOver ? 'highest' : 'now'
  return {
    moment: seconds.length === 0 ? '' : pointed === null ? now : `${seconds[pointed]!.toFixed(1)} s`,
    entries: lines.map(({ key, label, values, style }) => {
      const value = pointed !== null ? values[pointed] : isOver ? highestOf(values) : values.at(-1)
      return { key, label, value: valueWords(spec, value ?? null, values), style }
    })
  }
}

function valueWords (spec: TimelineSpec, value: number | null, values: Values): string {
  return value === null && values.length > 0 && highestOf(values) === null ? 'not measured' : spec.format(value)
}
