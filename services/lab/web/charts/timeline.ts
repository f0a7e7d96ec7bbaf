import Plot, { type AlignedData, type Options } from 'uplot'
import { el, setText } from '#lab/web/dom.ts'
import type { Values } from '#lab/web/state/columns.ts'
import { highestOf } from './derive.ts'
import { axisIn, drawLimits, drawMarks, sizeOf, type Mark } from './draw.ts'
import { showLegend, type LineStyle } from './legend.ts'
import { limitLines, rangeWith, type LimitLine } from './limit-lines.ts'
import 'uplot/dist/uPlot.min.css'

export interface TimelineSpec {
  title: string
  /** What it is, for somebody who does not see it. */
  sentence: string
  format: (value: number | null) => string
  formatAxis: (value: number) => string
  formatLimit: (limit: number) => string
  /** The highest value of the axis is at least this. */
  least: number
  /** Steps between the lines of the axis, smallest first; without it, decimal ones. */
  steps?: number[]
  /** A count stays what it is until it rises. */
  isCount: boolean
}

export interface TimelineLine { key: string, label: string, values: Values, limit: number | null, style: LineStyle }

export interface TimelineView {
  /** Since the beginning of what is shown. */
  seconds: number[]
  toSeconds: number
  lines: TimelineLine[]
  marks: Mark[]
  /** While something goes on its newest values count, afterwards its highest. */
  isOver: boolean
  /** What to say instead of lines. */
  empty: string
  /** The colours of the page at this moment: a canvas does not know CSS. */
  colour: (name: string) => string
}

/** Lines over the seconds of one run or load, their limit, and under them the same in words. */
export function createTimeline (host: HTMLElement, spec: TimelineSpec): { update (view: TimelineView): void } {
  const plotHost = el('div', 'plot')
  const empty = el('p', 'missing')
  const moment = el('span', 'moment')
  const legend = el('ul', 'legend')
  plotHost.setAttribute('role', 'img')
  plotHost.append(empty)
  host.append(el('figcaption', '', el('h4', '', spec.title), moment), plotHost, legend)

  let view: TimelineView
  let limits: LimitLine[] = []
  let plot: Plot | null = null
  let drawn = ''

  new ResizeObserver(() => { plot?.setSize(sizeOf(plotHost)) }).observe(plotHost)

  function build (data: AlignedData): Plot {
    const { lines, colour } = view
    const axis = axisIn(colour)
    const paths = spec.isCount ? Plot.paths.stepped!({ align: 1 }) : Plot.paths.linear!()
    const options: Options = {
      ...sizeOf(plotHost),
      padding: [14, 16, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'timeline' }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: {
        x: { time: false, range: () => [0, view.toSeconds] },
        y: { range: (_plot, _min, max) => rangeWith(limits, Number.isFinite(max) ? max : null, spec.least) }
      },
      axes: [
        { ...axis, size: 22, gap: 4, space: 56, values: (_plot, ticks) => ticks.map(second => `${second} s`) },
        { ...axis, size: 58, gap: 6, space: 30, ...(spec.steps && { incrs: spec.steps }), values: (_plot, ticks) => ticks.map(spec.formatAxis) }
      ],
      series: [{}, ...lines.map(({ style }) => ({ stroke: colour(style.colour), width: 1.75, dash: style.dash, points: { show: false }, spanGaps: false, paths }))],
      hooks: { draw: [plot => { drawMarks(plot, view.marks, view.colour); drawLimits(plot, limits, view.colour) }], setCursor: [showWords] }
    }
    return new Plot(options, data, plotHost)
  }

  function showWords (): void {
    const { seconds, lines, isOver } = view
    const left = plot?.cursor.left ?? -1
    const pointed = plot && left >= 0 && seconds.length > 0 ? plot.posToIdx(left) : null
    setText(moment, seconds.length === 0 ? '' : pointed !== null ? `${seconds[pointed]!.toFixed(1)} s` : isOver ? 'highest' : 'now')
    showLegend(legend, lines.map(({ key, label, values, style }) => {
      const value = pointed !== null ? values[pointed] : isOver ? highestOf(values) : values.at(-1)
      return { key, label, value: wordsOf(value ?? null, values), style }
    }))
  }

  function wordsOf (value: number | null, values: Values): string {
    return value === null && values.length > 0 && highestOf(values) === null ? 'not measured' : spec.format(value)
  }

  return {
    update (next) {
      view = next
      const { seconds, lines, colour } = next
      limits = limitLines(lines.map(({ label, limit }) => ({ name: label, limit })), spec.formatLimit)
      const isEmpty = lines.every(({ values }) => highestOf(values) === null)
      setText(empty, isEmpty ? next.empty : '')
      plotHost.setAttribute('aria-label', `${spec.sentence} ${lines.map(({ label, values }) => `${label}: at most ${spec.format(highestOf(values))}`).join(', ')}.`)
      const data = [seconds, ...lines.map(({ values }) => values)] as AlignedData
      const look = JSON.stringify([lines.map(({ key, style }) => [key, style]), colour('--ink')])
      if (!plot || look !== drawn) {
        plot?.destroy()
        plot = build(data)
        drawn = look
      } else {
        plot.setData(data)
      }
      showWords()
    }
  }
}
