import { createChart } from '#lab/web/charts/chart.ts'
import { onColoursChange, pageColours } from '#lab/web/charts/draw.ts'
import { styleIn } from '#lab/web/charts/line-style.ts'
import { el } from '#lab/web/dom.ts'
import { Frames } from '#lab/web/frames.ts'
import { chapterLink, type Why } from '#lab/web/learn/why.ts'
import { inOrder, isShown, shortName, type Selection } from '#lab/web/order.ts'
import { Sight } from '#lab/web/sight.ts'
import type { Columns } from '#lab/web/state/columns.ts'
import type { HistorySeries } from '#lab/wire/live.ts'
import { chartSpecs } from './chart-specs.ts'
import { DIGITS_MS, pacer } from './pace.ts'
import './charts.css'

const resources: Array<[HistorySeries, string]> = [
  ['cpuPressureShare', 'CPU'],
  ['memoryPressureShare', 'memory'],
  ['ioPressureShare', 'io']
]

/** Of the 16 ms that a frame has: the browser takes more than twice as long to lay out and paint what was drawn. */
const FRAME_MS = 3

export interface ChartsView {
  columns: Columns
  services: string[]
  project: string
  selection: Selection
  windowSeconds: number
}

export function createCharts (host: HTMLElement, why: Why): { update (view: ChartsView, isAtOnce: boolean): void } {
  let pressure: HistorySeries = 'cpuPressureShare'
  let latest: ChartsView | null = null
  let colour = pageColours()
  const sight = new Sight(1, redraw)
  const frames = new Frames<HTMLElement>(run => { requestAnimationFrame(run) }, FRAME_MS)
  const charts = chartSpecs.map(spec => {
    const figure = el('figure', `chart panel${spec.isWide ? ' wide' : ''}`)
    const chart = createChart(figure, spec)
    const isPressure = spec.name === 'pressure'
    const chapter = why(spec.about)
    if (chapter) figure.querySelector('figcaption')!.append(chapterLink(chapter, spec.title))
    if (isPressure) figure.querySelector('figcaption')!.append(pressureSelect(choose))
    host.append(figure)
    sight.watch(figure)
    return { figure, chart, isPressure, isTimeForWords: pacer() }
  })

  function choose (series: HistorySeries): void {
    pressure = series
    redraw()
  }

  function redraw (): void { if (latest) update(latest, true) }

  /** The charts that can be seen take turns if one frame has no time for all, unless they are wanted at once. */
  function update (view: ChartsView, isAtOnce: boolean): void {
    latest = view
    const { columns: { at, containers }, services, project, selection, windowSeconds } = view
    const columns = inOrder(containers, services).filter(column => isShown(column, selection))
    const names = new Map(columns.map(column => [column.id, shortName(column.name, project)]))
    const common = { at, columns, names, windowSeconds, styleOf: styleIn(services), colour }
    const due = sight.due(charts.map(({ figure }) => figure))
    const drawn = charts.filter(({ figure }) => due.has(figure))
    const tasks = drawn.map(({ figure, chart, isPressure, isTimeForWords }) => {
      const chartView = isPressure ? { ...common, series: pressure } : common
      const lines = sight.sees(figure)
      return [figure, () => { chart.update(chartView, { lines, words: isTimeForWords(DIGITS_MS, isAtOnce) }) }] as const
    })
    frames.begin(tasks, isAtOnce)
  }

  onColoursChange(() => {
    colour = pageColours()
    redraw()
  })
  return { update }
}

/** Pressure is three charts in one place. */
function pressureSelect (choose: (series: HistorySeries) => void): HTMLElement {
  const select = el('select', '', ...resources.map(([series, name]) => {
    const option = el('option', '', name)
    option.value = series
    return option
  }))
  select.setAttribute('aria-label', 'Pressure on which resource')
  select.addEventListener('change', () => { choose(select.value as HistorySeries) })
  return select
}
