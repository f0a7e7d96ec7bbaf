import Plot, { type AlignedData, type Options } from 'uplot'
import { formatHour, formatTime } from '#lab/format.ts'
import { el, setText } from '#lab/web/dom.ts'
import { startOfLast, type Column, type Values } from '#lab/web/state/columns.ts'
import type { HistorySeries } from '#lab/wire/live.ts'
import { axisIn, drawLimits, drawNoLimit, sizeOf } from './draw.ts'
import { showLegend, type LineStyle } from './legend.ts'
import { limitLines, rangeWith, type LimitLine } from './limit-lines.ts'

export interface ChartSpec {
  title: string
  /** What it is, for somebody who does not see it. */
  sentence: string
  series: HistorySeries
  format: (value: number | null) => string
  formatAxis: (value: number) => string
  /** The line that the chart is about. */
  limitOf: (column: Column) => number | null
  formatLimit: (limit: number) => string
  /** Shares have none. */
  hasLimit: boolean
  /** The highest value of the axis is at least this. */
  least: number
  /** Steps between the lines of the axis, smallest first; without it, decimal ones. */
  steps?: number[]
  /** What to say where there is not one value. */
  missing: string
}

export interface ChartView {
  at: number[]
  columns: Column[]
  names: Map<string, string>
  styleOf: (column: Column) => LineStyle
  /** The colours of the page at this moment: a canvas does not know CSS. */
  colour: (name: string) => string
  windowSeconds: number
  series?: HistorySeries
}

/** A line for each container, its limit as a line, and under it the same in words: now, or where the crosshair is. */
export function createChart (host: HTMLElement, spec: ChartSpec): { update (view: ChartView): void } {
  const plotHost = el('div', 'plot')
  const empty = el('p', 'missing')
  const moment = el('span', 'moment')
  const legend = el('ul', 'legend')
  plotHost.setAttribute('role', 'img')
  plotHost.append(empty)
  host.append(el('figcaption', '', el('h3', '', spec.title), moment), plotHost, legend)

  let view: ChartView | null = null
  let lines: LimitLine[] = []
  let plot: Plot | null = null
  let drawn = ''

  new ResizeObserver(() => { plot?.setSize(sizeOf(plotHost)) }).observe(plotHost)

  function values (): Values[] {
    const { at, columns, series, windowSeconds } = view!
    const from = startOfLast(windowSeconds, at)
    return columns.map(column => column.series[series ?? spec.series].slice(from))
  }

  function build (data: AlignedData): Plot {
    const { columns, styleOf, colour } = view!
    const axis = axisIn(colour)
    const options: Options = {
      ...sizeOf(plotHost),
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'lab' }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: {
        x: { time: true, range: () => { const to = view!.at.at(-1) ?? 0; return [to - view!.windowSeconds, to] } },
        y: { range: (_plot, _min, max) => rangeWith(lines, Number.isFinite(max) ? max : null, spec.least) }
      },
      axes: [
        { ...axis, size: 22, gap: 4, space: 76, values: (plot, ticks) => ticks.map(at => isInside(plot, at) ? formatAxisTime(at, view!.windowSeconds) : '') },
        { ...axis, size: 58, gap: 6, space: 30, ...(spec.steps && { incrs: spec.steps }), values: (_plot, ticks) => ticks.map(spec.formatAxis) }
      ],
      series: [{}, ...columns.map(column => {
        const { colour: stroke, dash } = styleOf(column)
        return { stroke: colour(stroke), width: 1.5, dash, points: { show: false }, spanGaps: false }
      })],
      hooks: { draw: [plot => { drawLimits(plot, lines, view!.colour); if (spec.hasLimit && lines.length === 0 && view!.columns.length > 0) drawNoLimit(plot, view!.colour) }], setCursor: [showWords] }
    }
    return new Plot(options, data, plotHost)
  }

  function showWords (): void {
    if (!view) return
    const { at, columns, names, styleOf, series } = view
    const from = startOfLast(view.windowSeconds, at)
    const left = plot?.cursor.left ?? -1
    const pointed = plot && left >= 0 && plot.data[0].length > 0 ? from + plot.posToIdx(left) : null
    const i = pointed ?? at.length - 1
    setText(moment, at.length === 0 ? '' : pointed === null ? 'now' : formatTime((at[i] ?? 0) * 1000))
    showLegend(legend, columns.map(column => ({
      key: column.id, label: names.get(column.id) ?? column.name, value: wordsAt(column, series ?? spec.series, i), style: styleOf(column)
    })))
  }

  function wordsAt (column: Column, series: HistorySeries, i: number): string {
    const value = column.series[series][i] ?? null
    if (value !== null) return spec.format(value)
    return (column.series.memoryBytes[i] ?? column.series.pids[i] ?? null) === null ? 'not there' : 'not measured'
  }

  return {
    update (next) {
      view = next
      const { at, columns, windowSeconds } = next
      const series = values()
      const hasValues = series.some(list => list.some(value => value !== null))
      lines = limitLines(columns.map(column => ({ name: next.names.get(column.id) ?? column.name, limit: spec.limitOf(column) })), spec.formatLimit)
      setText(empty, hasValues ? '' : at.length === 0 ? 'waiting for the first samples' : columns.length === 0 ? 'no container is selected' : spec.missing)
      plotHost.setAttribute('aria-label', `${spec.sentence} The last ${windowSeconds / 60} minutes. The values of this moment follow as a list.`)
      const data = [at.slice(startOfLast(windowSeconds, at)), ...series] as AlignedData
      const look = JSON.stringify([columns.map(column => [column.id, next.styleOf(column)]), next.colour('--ink')])
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

/** Half a label from the edges: one that would be cut off is left out. */
function isInside (plot: Plot, at: number): boolean {
  const px = plot.valToPos(at, 'x')
  return px > -30 && px < plot.bbox.width / devicePixelRatio - 22
}

function formatAxisTime (at: number, windowSeconds: number): string {
  return windowSeconds > 60 ? formatHour(at * 1000) : formatTime(at * 1000)
}
