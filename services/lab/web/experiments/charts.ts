import { onColoursChange, pageColours } from '#lab/web/charts/draw.ts'
import type { LineStyle } from '#lab/web/charts/line-style.ts'
import { bytes, cores, count, share } from '#lab/web/charts/scales.ts'
import { createTimeline, type TimelineSpec } from '#lab/web/charts/timeline.ts'
import { el } from '#lab/web/dom.ts'
import type { ChartKind, PlannedChart } from './charted-series.ts'
import type { DrawnLine } from './run-charts.ts'
import type { ShownCharts } from './shown-charts.ts'
import './charts.css'

const specs: Record<ChartKind, TimelineSpec> = {
  memory: { ...bytes, title: 'Memory', sentence: 'Memory over the run, against the limit.', isCount: false },
  cpu: { ...cores, title: 'CPU', sentence: 'CPUs used over the run, against the limit.', isCount: false },
  throttled: {
    ...share,
    title: 'Throttled periods',
    sentence: 'Share of the periods with demand for CPU in which it was stopped.',
    isCount: false
  },
  throttledTime: {
    ...share,
    title: 'Throttled time',
    sentence: 'Seconds per second in which it was stopped, added up over its CPUs.',
    isCount: false
  },
  pressure: {
    ...share,
    title: 'CPU pressure',
    sentence: 'Share of time in which at least one task waited for CPU.',
    isCount: false
  },
  tasks: {
    ...count,
    title: 'Tasks (pids)',
    sentence: 'Processes and threads over the run, against the limit.',
    least: 10,
    isCount: false
  },
  oomKills: {
    ...count,
    title: 'OOM kills',
    sentence: 'Processes that the kernel killed since the run began.',
    isCount: true
  },
  memoryLimitHits: {
    ...count,
    title: 'Memory limit hits',
    sentence: 'How often an allocation hit the memory limit since the run began.',
    isCount: true
  },
  pidsLimitHits: {
    ...count,
    title: 'Tasks refused',
    sentence: 'How often a fork or clone was refused at the pids limit since the run began.',
    isCount: true
  }
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
    const { charts, styleOf, ...shared } = view
    const colour = pageColours()
    for (const [i, { seconds, lines }] of charts.entries()) {
      timelines[i]!.update({
        ...shared,
        seconds,
        colour,
        lines: lines.map((line, k) => (
          { ...line, key: `${line.service} ${line.series}`, style: styleOfLine(line, k, lines, styleOf) }
        ))
      })
    }
  }

  onColoursChange(() => { if (latest) update(latest) })
  return { update }
}

const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]]

/** Several services each keep their colour, and their series are dashed; one service alone has a colour per series. */
function styleOfLine (
  { service }: DrawnLine, place: number, all: DrawnLine[], styleOf: RunChartsView['styleOf']
): LineStyle {
  const isAlone = all.every(line => line.service === service)
  const own = styleOf(service)
  if (!isAlone) {
    const before = all.slice(0, place).filter(line => line.service === service).length
    return { ...own, dash: dashes[before % dashes.length]! }
  }
  if (place === 0) return own
  return { colour: `--series-${(Number(own.colour.slice(-1)) + place) % 6}`, dash: dashes[place % dashes.length]! }
}
