import { onColoursChange, pageColours } from '#lab/web/charts/draw.ts'
import type { LineStyle } from '#lab/web/charts/line-style.ts'
import type { LinePlot } from '#lab/web/charts/line-plot.ts'
import { milliseconds, rate, share } from '#lab/web/charts/scales.ts'
import { createTimeline, type TimelineLine, type TimelineSpec, type TimelineView } from '#lab/web/charts/timeline.ts'
import { el } from '#lab/web/dom.ts'
import type { Values } from '#lab/web/state/columns.ts'
import type { LoadSpec } from '#lab/wire/load.ts'
import { stepMarks, type LoadSeries } from './load-series.ts'

const specs: Record<'latency' | 'throttled' | 'rate', TimelineSpec> = {
  latency: {
    ...milliseconds,
    title: 'Latency',
    sentence: 'Latency in each second, counted from when a request was due.',
    isCount: false
  },
  throttled: {
    ...share,
    title: 'Throttled periods of the target',
    sentence: 'Share of the periods with demand for CPU in which the target was stopped.',
    isCount: false
  },
  rate: { ...rate, title: 'Rate', sentence: 'Requests due and answered in each second.', isCount: false }
}

export interface LoadChartsView {
  /** `null`: there is nothing to draw. */
  series: LoadSeries | null
  spec: LoadSpec | null
  isOver: boolean
  emptyText: string
  styleOf: (service: string) => LineStyle
}

/** Latency above; below it, what the quota did to the target beside what was asked for. */
export function createLoadCharts (host: HTMLElement): { update (view: LoadChartsView): void } {
  const latency = timelineIn(host, specs.latency)
  const throttled = timelineIn(host, specs.throttled)
  const rates = timelineIn(host, specs.rate)
  let latest: LoadChartsView | null = null

  function update (view: LoadChartsView): void {
    latest = view
    const { series } = view
    const shared = sharedBy(view)
    latency.update({ ...shared, lines: [line('p99', series?.p99Ms, 0), line('p50', series?.p50Ms, 2)] })
    throttled.update({ ...shared, seconds: series?.target.seconds ?? [], lines: [targetLine(view)] })
    rates.update({ ...shared, lines: [line('answered', series?.answered, 0), line('due', series?.due, 4, true)] })
  }

  onColoursChange(() => { if (latest) update(latest) })
  return { update }
}

function timelineIn (host: HTMLElement, spec: TimelineSpec): LinePlot<TimelineView> {
  const figure = el('figure', 'timeline panel')
  host.append(figure)
  return createTimeline(figure, spec)
}

function sharedBy ({ series, spec, isOver, emptyText }: LoadChartsView): Omit<TimelineView, 'lines'> {
  return {
    isOver,
    emptyText,
    seconds: series?.seconds ?? [],
    marks: spec ? stepMarks(spec) : [],
    toSeconds: Math.max(spec?.durationSeconds ?? 20, series?.seconds.at(-1) ?? 0),
    colour: pageColours()
  }
}

function targetLine ({ series, spec, styleOf }: LoadChartsView): TimelineLine {
  const service = spec?.service ?? 'api'
  return { ...line(service, series?.target.throttledShare, 0), style: styleOf(service) }
}

function line (label: string, values: Values | undefined, colour: number, isDashed = false): TimelineLine {
  const style = { colour: `--series-${colour}`, dash: isDashed ? [5, 3] : [] }
  return { key: label, label, values: values ?? [], limit: null, style }
}
