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
import './charts.css'

const resources: Array<[HistorySeries, string]> = [
  ['cpuPressureShare', 'CPU'],
  ['memoryPressureShare', 'memory'],
  ['ioPressureShare', 'io']
]

/** Of the 16 ms that a frame has, the rest belongs to the browser. */
const FRAME_MS = 8

export interface ChartsView {
  columns: Columns
  services: string[]
  project: string
  selection: Selection
  windowSeconds: number
  /** Whether the values in words are shown anew as well. */
  areWordsDue: boolean
}

export function createCharts (host: HTMLElement, why: Why): { update (view: ChartsView): void } {
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
    return { figure, chart, isPressure }
  })

  function choose (series: HistorySeries): void {
    pressure = series
    redraw()
  }

  function redraw (): void { if (latest) update({ ...latest, areWordsDue: true }) }

  function update (view: ChartsView): void {
    latest = view
    const { columns: { at, containers }, services, project, selection, windowSeconds, areWordsDue } = view
    const columns = inOrder(containers, services).filter(column => isShown(column, selection))
    const names = new Map(columns.map(column => [column.id, shortName(column.name, project)]))
    const common = { at, columns, names, windowSeconds, styleOf: styleIn(services), colour }
    const due = sight.due(charts.map(({ figure }) => figure))
    frames.begin(charts.filter(({ figure }) => due.has(figure)).map(({ figure, chart, isPressure }) => {
      const drawn = isPressure ? { ...common, series: pressure } : common
      const isSeen = sight.sees(figure)
      return [figure, () => { chart.update(drawn, { lines: isSeen, words: areWordsDue || !isSeen }) }]
    }))
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
