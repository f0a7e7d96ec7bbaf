/** What an experiment watches, over the seconds of one run: from its recording, or from the samples while it goes on. Pure. */
import type { RecordedContainer, RecordedSeries, Recording } from '../../runs/wire.ts'
import { startOfLast, type Column, type Columns, type Values } from './columns.ts'
import { rateOf, riseOf, shareOf } from './reckon.ts'
import { watched, type ChartKind, type PlannedChart, type PlannedLine } from './watched.ts'
import { cpuLimit, memoryLimit, pidsLimit } from './words.ts'

export interface DrawnLine extends PlannedLine { values: Values, limit: number | null }
/** `seconds` since the start of the run, and for each line one value for each of them. */
export interface DrawnChart { kind: ChartKind, seconds: number[], lines: DrawnLine[] }

const SHARE_WINDOW_SECONDS = 1
const US = 1e6

export function recordedCharts (plan: PlannedChart[], recording: Pick<Recording, 'containers'>): DrawnChart[] {
  const seconds = momentsOf(recording.containers.flatMap(({ atSeconds }) => atSeconds))
  return plan.map(({ kind, lines }) => ({
    kind,
    seconds,
    lines: lines.map(line => {
      const containers = recording.containers.filter(({ service }) => service === line.service)
      const limit = containers.length === 0 ? null : limitOf(kind, containers.at(-1)!.effective)
      return { ...line, values: reckoned(line.series, name => totalsOf(containers, name, seconds), seconds), limit }
    })
  }))
}

/** `columns` are on the lab's clock; `startedAt` is when the run began on it, in Unix seconds. */
export function liveCharts (plan: PlannedChart[], columns: Columns, startedAt: number): DrawnChart[] {
  const from = startOfLast((columns.at.at(-1) ?? startedAt) - startedAt, columns.at)
  const seconds = columns.at.slice(from).map(at => at - startedAt)
  return plan.map(({ kind, lines }) => ({
    kind,
    seconds,
    lines: lines.map(line => {
      const column = columnOf(columns, line.service)
      const { live, reckoning } = watched[line.series]
      const values = column?.series[live].slice(from) ?? seconds.map(() => null)
      return { ...line, values: reckoning === 'rise' ? riseOf(values) : values, limit: column ? limitOf(kind, column.effective) : null }
    })
  }))
}

/** The lab samples at most 20 times a second. */
const SAME_MOMENT_SECONDS = 0.02

/** Readings of one sample are taken one after the other: those are one moment. */
export function momentsOf (times: number[]): number[] {
  const sorted = [...new Set(times)].sort((a, b) => a - b)
  return sorted.filter((time, i) => i === 0 || time - sorted[i - 1]! > SAME_MOMENT_SECONDS)
}

/** The container that is there now; a run watches one of each service. */
function columnOf ({ containers }: Columns, service: string): Column | undefined {
  const own = containers.filter(column => column.service === service)
  return own.find(({ series }) => (series.memoryBytes.at(-1) ?? series.pids.at(-1) ?? null) !== null) ?? own.at(-1)
}

function totalsOf (containers: RecordedContainer[], series: RecordedSeries, seconds: number[]): Values {
  const values: Values = seconds.map(() => null)
  for (const { atSeconds, series: columns } of containers) {
    for (const [i, at] of atSeconds.entries()) {
      const moment = seconds.findLastIndex(second => second <= at)
      if (columns[series][i] != null) values[moment] = columns[series][i]!
    }
  }
  return values
}

function reckoned (series: RecordedSeries, totals: (series: RecordedSeries) => Values, seconds: number[]): Values {
  switch (watched[series].reckoning) {
    case 'level': return totals(series)
    case 'rise': return riseOf(totals(series))
    case 'share': return shareOf(totals('nrThrottled'), totals('nrPeriods'), seconds, SHARE_WINDOW_SECONDS)
    case 'rate': return rateOf(totals(series), seconds, series === 'cpuSomeUs' ? SHARE_WINDOW_SECONDS : 0).map(rate => rate === null ? null : rate / US)
  }
}

function limitOf (kind: ChartKind, effective: RecordedContainer['effective']): number | null {
  switch (kind) {
    case 'memory': return memoryLimit({ effective })
    case 'cpu': return cpuLimit({ effective })
    case 'tasks': return pidsLimit({ effective })
    default: return null
  }
}
