/**
 * What every chart has: a title, lines drawn by uPlot with their limits, and a legend that says the same in words, for
 * now or for where the crosshair is.
 */
import Plot, { type AlignedData, type Axis, type Options, type Series } from 'uplot'
import { el, setAttribute, setText } from '#lab/web/dom.ts'
import type { Values } from '#lab/web/state/columns.ts'
import { axisIn, sizeOf, type Colours } from './draw.ts'
import { showLegend, type LegendEntry } from './legend.ts'
import type { LineStyle } from './line-style.ts'
import { decadesIn, decadesWith, rangeWith, type LimitLine } from './limit-lines.ts'
import type { Scale } from './scales.ts'
import { trace } from './trace.ts'
import 'uplot/dist/uPlot.min.css'

/** As uPlot numbers them. */
const LINEAR = 1
const LOGARITHMIC = 3

/** What a chart shows, the same at any moment. */
export interface PlotSpec extends Scale {
  title: string
  /** What it shows, for somebody who does not see it. */
  sentence: string
}

/** A kind of chart: how it looks, and how it makes a drawing out of what it is given. */
export interface PlotKind<View> {
  heading: 'h3' | 'h4'
  /** Charts with the same key share their crosshair. */
  crosshair: string
  padding: [top: number, right: number, bottom: number, left: number]
  lineWidth: number
  paths?: Series.PathBuilder
  isTime: boolean
  rangeOf: (view: View) => [from: number, to: number]
  labelSpace: number
  labelsOf: (view: View, plot: Plot, ticks: number[]) => string[]
  drawingOf: (view: View) => Drawing
  /** Draws what stands behind or above the lines. */
  decorate: (plot: Plot, view: View, limits: LimitLine[]) => void
  /** `pointed`: the index under the crosshair; `null` = no crosshair. */
  wordsOf: (view: View, pointed: number | null) => { moment: string, entries: LegendEntry[] }
}

export interface Drawing {
  at: number[]
  lines: Array<{ key: string, values: Values, style: LineStyle }>
  limits: LimitLine[]
  /** What to say instead of lines; empty where there are some. */
  emptyText: string
  /** All of it in a sentence, for somebody who does not see it. */
  label: string
}

/** From here on uPlot leaves values out. */
const MOST_IN_PIXEL = 4
const manyInPixel = Plot.paths.linear!()

/** What is drawn anew: lines that nobody sees may wait, and words that changed a moment ago as well. */
export interface Due { lines: boolean, words: boolean }

export interface LinePlot<View> { update: (view: View, due?: Due) => void }

export function createLinePlot<View extends { colour: Colours }> (
  host: HTMLElement, spec: PlotSpec, kind: PlotKind<View>
): LinePlot<View> {
  const { plotHost, empty, moment, legend } = partsOf(host, spec.title, kind.heading)
  const current: Current<View> = { view: null, limits: [] }
  let plot: Plot | null = null
  let drawnStyles = ''

  new ResizeObserver(() => { plot?.setSize(sizeOf(plotHost)) }).observe(plotHost)

  function showWords (): void {
    if (current.view === null) return
    const words = kind.wordsOf(current.view, plot && pointedIn(plot))
    setText(moment, words.moment)
    showLegend(legend, words.entries)
  }

  /** uPlot fixes the styles of its lines when it is created; for other styles there is another plot. */
  function draw ({ at, lines }: Drawing, colour: Colours): void {
    const data = [at, ...lines.map(({ values }) => values)] as AlignedData
    const styles = JSON.stringify([lines.map(({ key, style }) => [key, style]), colour('--ink')])
    if (plot && styles === drawnStyles) { redraw(plot, data); return }
    plot?.destroy()
    plot = new Plot(optionsOf(plotHost, spec, kind, current, lines, showWords), data, plotHost)
    drawnStyles = styles
  }

  return {
    update (view, due = { lines: true, words: true }) {
      const drawing = kind.drawingOf(view)
      Object.assign(current, { view, limits: drawing.limits })
      setText(empty, drawing.emptyText)
      setAttribute(plotHost, 'aria-label', drawing.label)
      if (due.lines || plot === null) draw(drawing, view.colour)
      if (due.words) showWords()
    }
  }
}

/** Straight lines. Where there are several values in a pixel, uPlot takes the highest and the lowest of them. */
function straightPath (plot: Plot, series: number, from: number, to: number): Series.Paths | null {
  if (to - from > plot.bbox.width * MOST_IN_PIXEL) return manyInPixel(plot, series, from, to)
  const stroke = new Path2D()
  const [at, values] = [plot.data[0], plot.data[series]!]
  trace(stroke, from, to, i => Math.round(plot.valToPos(at[i]!, 'x', true)), i => {
    const value = values[i] ?? null
    return value === null ? null : Math.round(plot.valToPos(value, 'y', true))
  })
  return { stroke, fill: null, clip: null, flags: 1 }
}

/** Draws now; otherwise uPlot would do so later in the same frame, which could not know how long that takes. */
function redraw (plot: Plot, data: AlignedData): void {
  plot.batch(() => { plot.setData(data) })
}

/** What uPlot's callbacks look at: they outlive the update in which they were made. */
interface Current<View> { view: View | null, limits: LimitLine[] }

function partsOf (host: HTMLElement, title: string, heading: 'h3' | 'h4') {
  const plotHost = el('div', 'plot')
  const empty = el('p', 'empty')
  const moment = el('span', 'moment')
  const legend = el('ul', 'legend')
  plotHost.setAttribute('role', 'img')
  // Until the first update says more, the title is its name.
  plotHost.setAttribute('aria-label', title)
  plotHost.append(empty)
  host.append(el('figcaption', '', el(heading, '', title), moment), plotHost, legend)
  return { plotHost, empty, moment, legend }
}

function optionsOf<View extends { colour: Colours }> (
  host: HTMLElement, spec: PlotSpec, kind: PlotKind<View>, current: Current<View>, lines: Drawing['lines'],
  showWords: () => void
): Options {
  const { colour } = current.view!
  return {
    ...sizeOf(host),
    padding: kind.padding,
    legend: { show: false },
    cursor: { sync: { key: kind.crosshair }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
    scales: {
      x: { time: kind.isTime, range: () => kind.rangeOf(current.view!) },
      y: {
        distr: spec.isLogarithmic ? LOGARITHMIC : LINEAR,
        range: (_plot, min, max) => rangeOf(spec, current.limits, finite(min), finite(max))
      }
    },
    axes: axesOf(spec, kind, current),
    series: [{}, ...lines.map(({ style }) => seriesOf(style, kind, colour))],
    hooks: { draw: [plot => { kind.decorate(plot, current.view!, current.limits) }], setCursor: [showWords] }
  }
}

function rangeOf (
  { isLogarithmic, least }: PlotSpec, limits: LimitLine[], lowest: number | null, highest: number | null
): [number, number] {
  return isLogarithmic ? decadesWith(limits, lowest, highest, least) : rangeWith(limits, highest, least)
}

/** uPlot gives no number where there are no values. */
function finite (value: number | null): number | null { return Number.isFinite(value) ? value : null }

function axesOf<View extends { colour: Colours }> (
  spec: PlotSpec, kind: PlotKind<View>, current: Current<View>
): Axis[] {
  const axis = axisIn(current.view!.colour)
  return [
    {
      ...axis,
      size: 22,
      gap: 4,
      space: kind.labelSpace,
      values: (plot, ticks) => kind.labelsOf(current.view!, plot, ticks)
    },
    {
      ...axis,
      size: 58,
      gap: 6,
      space: 30,
      ...(spec.steps && { incrs: spec.steps }),
      ...(spec.isLogarithmic && { splits: (_plot, _axis, from, to) => decadesIn(from, to) }),
      values: (_plot, ticks) => ticks.map(spec.formatAxis)
    }
  ]
}

function seriesOf<View> (style: LineStyle, { lineWidth, paths }: PlotKind<View>, colour: Colours): Series {
  return {
    stroke: colour(style.colour),
    width: lineWidth,
    dash: style.dash,
    points: { show: false },
    spanGaps: false,
    paths: paths ?? straightPath
  }
}

function pointedIn ({ cursor: { left = -1 }, data, posToIdx }: Plot): number | null {
  return left >= 0 && data[0].length > 0 ? posToIdx(left) : null
}
