import { formatMs, formatRate, formatShare } from '#lab/format.ts'
import type { LineStyle } from '#lab/web/charts/legend.ts'
import { createTimeline, type TimelineLine, type TimelineSpec } from '#lab/web/charts/timeline.ts'
import { el } from '#lab/web/dom.ts'
import type { Values } from '#lab/web/state/columns.ts'
import type { LoadSpec } from '#lab/wire/load.ts'
import { stepMarks, type LoadSeries } from './load-series.ts'

const common = { formatLimit: formatRate, isCount: false }
const specs: TimelineSpec[] = [
  { ...common, title: 'Latency', sentence: 'Latency of each second, from when a request was due.', format: formatMs, formatAxis: axisMs, least: 10 },
  { ...common, title: 'Throttled periods of the target', sentence: 'Of the periods in which the target wanted CPU, the share in which it was stopped.', format: formatShare, formatAxis: formatShare, least: 1 / 1.12 },
  { ...common, title: 'Rate', sentence: 'Requests due and answered in each second.', format: formatRate, formatAxis: formatRate, least: 10 }
]

export interface LoadChartsView {
  /** `null`: nothing to draw. */
  series: LoadSeries | null
  spec: LoadSpec | null
  isOver: boolean
  empty: string
  styleOf: (service: string) => LineStyle
}

/** Latency above, and below it what was asked for beside what the quota did to the target. */
export function createLoadCharts (host: HTMLElement): { update (view: LoadChartsView): void } {
  const [latency, throttled, rate] = specs.map(spec => {
    const figure = el('figure', 'timeline panel')
    host.append(figure)
    return createTimeline(figure, spec)
  }) as [ReturnType<typeof createTimeline>, ReturnType<typeof createTimeline>, ReturnType<typeof createTimeline>]
  let latest: LoadChartsView | null = null

  function update (view: LoadChartsView): void {
    latest = view
    const { series, spec, isOver, empty, styleOf } = view
    const css = getComputedStyle(document.documentElement)
    const shared = {
      isOver,
      empty,
      marks: spec ? stepMarks(spec) : [],
      toSeconds: Math.max(spec?.durationSeconds ?? 20, series?.seconds.at(-1) ?? 0),
      colour: (name: string) => css.getPropertyValue(name).trim()
    }
    const seconds = series?.seconds ?? []
    latency.update({ ...shared, seconds, lines: [line('p99', series?.p99Ms, 0), line('p50', series?.p50Ms, 2)] })
    rate.update({ ...shared, seconds, lines: [line('answered', series?.answered, 0), line('due', series?.due, 4, true)] })
    const service = spec?.service ?? 'api'
    throttled.update({ ...shared, seconds: series?.target.seconds ?? [], lines: [{ ...line(service, series?.target.throttledShare, 0), style: styleOf(service) }] })
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (latest) update(latest) })
  return { update }
}

/** Round numbers, written like ones. */
function axisMs (ms: number): string {
  return ms >= 1000 ? `${Number((ms / 1000).toFixed(2))} s` : `${Number(ms.toFixed(2))} ms`
}

function line (label: string, values: Values | undefined, colour: number, isDashed = false): TimelineLine {
  return { key: label, label, values: values ?? [], limit: null, style: { colour: `--series-${colour}`, dash: isDashed ? [5, 3] : [] } }
}
