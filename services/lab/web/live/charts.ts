import { createChart, type ChartSpec } from '#lab/web/charts/chart.ts'
import { onColoursChange, pageColours } from '#lab/web/charts/draw.ts'
import { styleIn } from '#lab/web/charts/line-style.ts'
import { bytes, cores, share, tasks } from '#lab/web/charts/scales.ts'
import { cpuLimit, memoryLimit, pidsLimit } from '#lab/web/container-words.ts'
import { el } from '#lab/web/dom.ts'
import { Frames } from '#lab/web/frames.ts'
import { inOrder, isShown, shortName, type Selection } from '#lab/web/order.ts'
import { Sight } from '#lab/web/sight.ts'
import type { Columns } from '#lab/web/state/columns.ts'
import type { HistorySeries } from '#lab/wire/live.ts'
import './charts.css'

const specs: Array<ChartSpec & { isWide: boolean }> = [
  {
    ...bytes,
    title: 'Memory',
    sentence: 'Memory charged to each container, against its limit.',
    series: 'memoryBytes',
    limitOf: memoryLimit,
    emptyText: 'not measured: no memory controller',
    isWide: true
  },
  {
    ...cores,
    title: 'CPU',
    sentence: 'CPUs used by each container, against its limit.',
    series: 'cpuCores',
    limitOf: cpuLimit,
    emptyText: 'not measured: no cpu controller',
    isWide: true
  },
  {
    ...share,
    title: 'Throttled periods',
    sentence: 'Share of the periods in which each container was stopped because its CPU quota was used up.',
    series: 'throttledShare',
    limitOf: null,
    emptyText: 'not measured: no container has a CPU quota, or none ran',
    isWide: false
  },
  {
    ...share,
    title: 'Pressure',
    sentence: 'Share of time in which at least one task of each container waited for the resource.',
    series: 'cpuPressureShare',
    limitOf: null,
    emptyText: 'not measured: this kernel reports no pressure for these containers',
    isWide: false
  },
  {
    ...tasks,
    title: 'Tasks (pids)',
    sentence: 'Processes and threads of each container, against its limit.',
    series: 'pids',
    limitOf: pidsLimit,
    emptyText: 'not measured: no pids controller',
    isWide: false
  }
]

const resources: Array<[HistorySeries, string]> = [
  ['cpuPressureShare', 'CPU'],
  ['memoryPressureShare', 'memory'],
  ['ioPressureShare', 'io']
]

export interface ChartsView {
  columns: Columns
  services: string[]
  project: string
  selection: Selection
  windowSeconds: number
}

export function createCharts (host: HTMLElement): { update (view: ChartsView): void } {
  let pressure: HistorySeries = 'cpuPressureShare'
  let latest: ChartsView | null = null
  let colour = pageColours()
  const sight = new Sight(1, redraw)
  const frames = new Frames<HTMLElement>(run => { requestAnimationFrame(run) })
  const charts = specs.map(spec => {
    const figure = el('figure', `chart panel${spec.isWide ? ' wide' : ''}`)
    const chart = createChart(figure, spec)
    const isPressure = spec.title === 'Pressure'
    if (isPressure) figure.querySelector('figcaption')!.append(pressureSelect(choose))
    host.append(figure)
    sight.watch(figure)
    return { figure, chart, isPressure }
  })

  function choose (series: HistorySeries): void {
    pressure = series
    redraw()
  }

  function redraw (): void { if (latest) update(latest) }

  function update (view: ChartsView): void {
    latest = view
    const { columns: { at, containers }, services, project, selection, windowSeconds } = view
    const columns = inOrder(containers, services).filter(column => isShown(column, selection))
    const names = new Map(columns.map(column => [column.id, shortName(column.name, project)]))
    const common = { at, columns, names, windowSeconds, styleOf: styleIn(services), colour }
    const due = sight.due(charts.map(({ figure }) => figure))
    for (const { figure, chart, isPressure } of charts) {
      if (!due.has(figure)) continue
      frames.ask(figure, () => { chart.update(isPressure ? { ...common, series: pressure } : common) })
    }
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
