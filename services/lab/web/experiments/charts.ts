import { formatBytes, formatCores, formatCount, formatLimitBytes, formatShare } from '#lab/format.ts'
import type { LineStyle } from '#lab/web/charts/legend.ts'
import { createTimeline, type TimelineSpec } from '#lab/web/charts/timeline.ts'
import { el } from '#lab/web/dom.ts'
import type { ChartKind, PlannedChart } from './charted-series.ts'
import type { DrawnLine } from './run-charts.ts'
import type { ShownCharts } from './shown-charts.ts'
import './charts.css'

const MIB = 1024 ** 2
const share = { format: formatShare, formatAxis: formatShare, formatLimit: formatShare, least: 1 / 1.12, isCount: false }
const count = { format: formatCount, formatAxis: formatCount, formatLimit: formatCount, least: 1, isCount: true, steps: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000] }

const specs: Record<ChartKind, TimelineSpec> = {
  memory: {
    title: 'Memory',
    sentence: 'Memory over the run, against the limit.',
    format: formatBytes,
    formatAxis: formatLimitBytes,
    formatLimit: formatLimitBytes,
    least: 16 * MIB,
    steps: [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 65_536].map(mib => mib * MIB),
    isCount: false
  },
  cpu: {
    title: 'CPU',
    sentence: 'CPUs used over the run, against the limit.',
    format: formatCores,
    formatAxis: cores => String(Math.round(cores * 1000) / 1000),
    formatLimit: cores => `${formatCores(cores)} CPUs`,
    least: 0.1,
    isCount: false
  },
  throttled: { ...share, title: 'Throttled periods', sentence: 'Of the periods in which it wanted CPU, the share in which it was stopped.' },
  throttledTime: { ...share, title: 'Throttled time', sentence: 'Seconds of being stopped in each second, added up over its CPUs.' },
  pressure: { ...share, title: 'CPU pressure', sentence: 'Share of time in which at least one task waited for CPU.' },
  tasks: { ...count, title: 'Tasks (pids)', sentence: 'Processes and threads over the run, against the limit.', isCount: false, least: 10 },
  oomKills: { ...count, title: 'OOM kills', sentence: 'Processes that the kernel killed since the run began.' },
  memoryLimitHits: { ...count, title: 'Memory limit met', sentence: 'How often an allocation met the memory limit since the run began.' },
  pidsLimitHits: { ...count, title: 'Tasks refused', sentence: 'How often a fork or clone was refused at the pids limit since the run began.' }
}

export interface RunChartsView extends ShownCharts { styleOf: (service: string) => LineStyle }

/** A chart for each kind of number that the experiment watches. */
export function createRunCharts (host: HTMLElement, plan: PlannedChart[]): { update (view: RunChartsView): void } {
  const timelines = plan.map(({ kind }) => {
    const figure = el('figure', 'timeline panel')
    host.append(figure)
    return createTimeline(figure, specs[kind])
  })
  let latest: RunChartsView | null = null

  function update (view: RunChartsView): void {
    latest = view
    const css = getComputedStyle(document.documentElement)
    const colour = (name: string) => css.getPropertyValue(name).trim()
    for (const [i, { seconds, lines }] of view.charts.entries()) {
      timelines[i]!.update({
        seconds,
        toSeconds: view.toSeconds,
        marks: view.marks,
        isOver: view.isOver,
        empty: view.empty,
        colour,
        lines: lines.map((line, k) => ({ ...line, key: `${line.service} ${line.series}`, style: styleOfLine(line, k, lines, view.styleOf) }))
      })
    }
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (latest) update(latest) })
  return { update }
}

const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]]

/** Several services keep their colours, and their series are dashed; a service alone has a colour for each series. */
function styleOfLine ({ service }: DrawnLine, place: number, all: DrawnLine[], styleOf: RunChartsView['styleOf']): LineStyle {
  const isAlone = all.every(line => line.service === service)
  const own = styleOf(service)
  if (!isAlone) return { ...own, dash: dashes[all.slice(0, place).filter(line => line.service === service).length % dashes.length]! }
  return place === 0 ? own : { colour: `--series-${(Number(own.colour.slice(-1)) + place) % 6}`, dash: dashes[place % dashes.length]! }
}
