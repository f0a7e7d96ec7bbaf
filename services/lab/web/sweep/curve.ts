/** What the trials measured over one of the limits: points, the knee, and what is recommended. */
import type { Colours } from '#lab/web/charts/draw.ts'
import { createLinePlot, type Drawing, type LinePlot, type PlotSpec } from '#lab/web/charts/line-plot.ts'
import { trialOutcomeWords } from '#lab/words.ts'
import { drawCurrent, drawCurve, drawGoal, drawKnee, drawPoints, drawRecommended } from './draw-trials.ts'
import { rangeOf, type Marks, type Searched, type TrialPoint } from './trial-points.ts'

export interface CurveSpec extends PlotSpec {
  searched: Searched
  /** The name of the value beside its number. */
  label: string
  colour: string
  /** `0.28 CPUs`, `96 MiB`. */
  formatLimitOf: (limit: number) => string
}

export interface CurveView {
  points: TrialPoint[]
  marks: Marks
  /** What a trial has to keep; `null`: nothing is said of this. */
  goal: number | null
  emptyText: string
  colour: Colours
}

export function createCurve (host: HTMLElement, spec: CurveSpec): LinePlot<CurveView> {
  const { searched, formatLimitOf } = spec
  return createLinePlot<CurveView>(host, spec, {
    heading: 'h4',
    crosshair: searched,
    padding: [18, 16, 0, 0],
    lineWidth: 0,
    // Lines and points are drawn below, because points have shapes.
    paths: () => null,
    isTime: false,
    rangeOf: ({ points, marks }) => rangeOf(searched, points, marks),
    labelSpace: 64,
    labelsOf: (_view, _plot, ticks) => ticks.map(tick => searched === 'cpus' ? String(Number(tick.toFixed(3))) : `${tick} MiB`),
    drawingOf: view => drawingOf(spec, view),
    decorate (plot, { points, marks, goal, colour }) {
      drawKnee(plot, marks, colour)
      drawGoal(plot, goal, `goal ${goal === null ? '' : spec.formatLimit(goal)}`, colour)
      drawCurrent(plot, marks, colour)
      drawRecommended(plot, marks, formatLimitOf, colour)
      drawCurve(plot, points, colour(spec.colour))
      drawPoints(plot, points, colour)
    },
    wordsOf: (view, pointed) => wordsOf(spec, view, pointed)
  })
}

function drawingOf (spec: CurveSpec, { points, marks, goal, emptyText }: CurveView): Drawing {
  return {
    at: points.map(({ limit }) => limit),
    lines: [{ key: spec.label, values: points.map(({ value }) => value), style: styleOf(spec) }],
    limits: goal === null ? [] : [{ value: goal, label: '' }],
    emptyText: points.every(({ value }) => value === null) ? emptyText : '',
    label: [spec.sentence, ...points.map(point => pointWords(spec, point)), ...marksWords(spec, marks)].join(' ')
  }
}

function pointWords ({ format, formatLimitOf }: CurveSpec, { number, limit, value, outcome }: TrialPoint): string {
  const seen = value === null ? '' : `${format(value)}, `
  return `Trial ${number}, ${formatLimitOf(limit)}: ${seen}${trialOutcomeWords[outcome]}.`
}

function marksWords ({ formatLimitOf }: CurveSpec, { knee, recommended }: Marks): string[] {
  const from = knee?.failed == null ? '' : `between ${formatLimitOf(knee.failed)} and `
  return [
    ...(knee === null ? [] : [`The knee is ${from === '' ? 'at ' : from}${formatLimitOf(knee.passed)}.`]),
    ...(recommended === null ? [] : [`Recommended: ${formatLimitOf(recommended)}.`])
  ]
}

/** Without a crosshair, the newest trial. */
function wordsOf (spec: CurveSpec, { points }: CurveView, pointed: number | null) {
  const newest = points.toSorted((a, b) => b.number - a.number)[0]
  const point = pointed === null ? newest : points[pointed]
  return {
    moment: point === undefined
      ? ''
      : `trial ${point.number}, ${spec.formatLimitOf(point.limit)}: ${trialOutcomeWords[point.outcome]}`,
    entries: [{ key: spec.label, label: spec.label, value: valueWords(spec, point), style: styleOf(spec) }]
  }
}

function valueWords ({ format }: CurveSpec, point: TrialPoint | undefined): string {
  return point?.value === null ? 'not measured' : format(point?.value ?? null)
}

function styleOf ({ colour }: CurveSpec) { return { colour, dash: [] } }
