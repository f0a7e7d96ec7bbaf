import { formatBytes, formatCores, formatCount, formatLimitBytes, formatShare } from '#lab/format.ts'
import { createChart, type ChartSpec } from '#lab/web/charts/chart.ts'
import type { LineStyle } from '#lab/web/charts/legend.ts'
import { cpuLimit, memoryLimit, pidsLimit } from '#lab/web/container-words.ts'
import { el } from '#lab/web/dom.ts'
import { inOrder, isShown, numberOf, shortName, type Selection } from '#lab/web/order.ts'
import type { Column, Columns } from '#lab/web/state/columns.ts'
import type { HistorySeries } from '#lab/wire/live.ts'
import 'uplot/dist/uPlot.min.css'
import './charts.css'

const MIB = 1024 ** 2
const shares = { format: formatShare, formatAxis: formatShare, limitOf: () => null, formatLimit: formatShare, hasLimit: false, least: 1 / 1.12 }

const specs: Array<ChartSpec & { isWide: boolean }> = [
  {
    title: 'Memory',
    sentence: 'Memory charged to each container, against its limit.',
    series: 'memoryBytes',
    format: formatBytes,
    formatAxis: formatLimitBytes,
    limitOf: memoryLimit,
    formatLimit: formatLimitBytes,
    hasLimit: true,
    least: 16 * MIB,
    steps: [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 65_536].map(mib => mib * MIB),
    missing: 'not measured: no memory controller',
    isWide: true
  },
  {
    title: 'CPU',
    sentence: 'CPUs used by each container, against its limit.',
    series: 'cpuCores',
    format: formatCores,
    formatAxis: cores => String(Math.round(cores * 1000) / 1000),
    limitOf: cpuLimit,
    formatLimit: cores => `${formatCores(cores)} CPUs`,
    hasLimit: true,
    least: 0.1,
    missing: 'not measured: no cpu controller',
    isWide: true
  },
  {
    ...shares,
    title: 'Throttled periods',
    sentence: 'Share of the periods in which each container was stopped because its CPU quota was used up.',
    series: 'throttledShare',
    missing: 'not measured: nobody has a CPU quota, or nobody ran',
    isWide: false
  },
  {
    ...shares,
    title: 'Pressure',
    sentence: 'Share of time in which at least one task of each container waited for the resource.',
    series: 'cpuPressureShare',
    missing: 'not measured: this kernel gives no pressure for these containers',
    isWide: false
  },
  {
    title: 'Tasks (pids)',
    sentence: 'Processes and threads of each container, against its limit.',
    series: 'pids',
    format: formatCount,
    formatAxis: formatCount,
    limitOf: pidsLimit,
    formatLimit: formatCount,
    hasLimit: true,
    least: 10,
    steps: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384],
    missing: 'not measured: no pids controller',
    isWide: false
  }
]

const resources: Array<[HistorySeries, string]> = [['cpuPressureShare', 'CPU'], ['memoryPressureShare', 'memory'], ['ioPressureShare', 'io']]

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
  const charts = specs.map(spec => {
    const figure = el('figure', `chart panel${spec.isWide ? ' wide' : ''}`)
    const chart = createChart(figure, spec)
    const isPressure = spec.title === 'Pressure'
    if (isPressure) figure.querySelector('figcaption')!.append(choice())
    host.append(figure)
    return { chart, isPressure }
  })

  /** Pressure is three charts in one place. */
  function choice (): HTMLElement {
    const select = el('select', '', ...resources.map(([series, name]) => { const option = el('option', '', name); option.value = series; return option }))
    select.setAttribute('aria-label', 'Pressure on which resource')
    select.addEventListener('change', () => { pressure = select.value as HistorySeries; if (latest) update(latest) })
    return select
  }

  function update (view: ChartsView): void {
    latest = view
    const { columns: { at, containers }, services, project, selection, windowSeconds } = view
    const columns = inOrder(containers, services).filter(column => isShown(column, selection))
    const names = new Map(columns.map(column => [column.id, shortName(column.name, project)]))
    const css = getComputedStyle(document.documentElement)
    const common = { at, columns, names, windowSeconds, styleOf: styleIn(services), colour: (name: string) => css.getPropertyValue(name).trim() }
    for (const { chart, isPressure } of charts) chart.update(isPressure ? { ...common, series: pressure } : common)
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (latest) update(latest) })
  return { update }
}

/** One colour a service; further copies of it are dashed, each in its own way. */
export function styleIn (services: string[]): (column: Pick<Column, 'service' | 'name'>) => LineStyle {
  return ({ service, name }) => {
    const copy = numberOf(name)
    const place = services.includes(service) ? services.indexOf(service) : services.length
    return { colour: `--series-${place % 6}`, dash: copy > 1 ? [2 + copy * 2, 3] : [] }
  }
}
