/** How the counters that an experiment watches become charts: which share one, and how each line is named. Pure. */
import type { ColumnSeries } from '#lab/web/state/columns.ts'
import type { ExperimentView, RecordedSeries } from '#lab/wire/experiments.ts'

export const chartKinds = [
  'memory', 'cpu', 'throttled', 'throttledTime', 'pressure', 'tasks', 'oomKills', 'memoryLimitHits', 'pidsLimitHits'
] as const
export type ChartKind = typeof chartKinds[number]

/** How readings become a line: a level as it is, a rise since the start, a rate per second, or a share of periods. */
export type Derivation = 'level' | 'rise' | 'rate' | 'share'

interface ChartedSeries {
  kind: ChartKind
  label: string
  derivation: Derivation
  /** The same series in the samples of the stream, where rates and shares are already derived. */
  live: ColumnSeries
}

export const chartedSeries: Record<RecordedSeries, ChartedSeries> = {
  memoryBytes: { kind: 'memory', label: 'in use', derivation: 'level', live: 'memoryBytes' },
  peakBytes: { kind: 'memory', label: 'peak', derivation: 'level', live: 'peakBytes' },
  workingSetBytes: { kind: 'memory', label: 'working set', derivation: 'level', live: 'workingSetBytes' },
  anonBytes: { kind: 'memory', label: 'anonymous', derivation: 'level', live: 'anonBytes' },
  fileBytes: { kind: 'memory', label: 'page cache', derivation: 'level', live: 'fileBytes' },
  shmemBytes: { kind: 'memory', label: 'tmpfs and shared', derivation: 'level', live: 'shmemBytes' },
  inactiveFileBytes: { kind: 'memory', label: 'idle page cache', derivation: 'level', live: 'inactiveFileBytes' },
  cpuUsageUs: { kind: 'cpu', label: 'CPUs used', derivation: 'rate', live: 'cpuCores' },
  nrThrottled: { kind: 'throttled', label: 'throttled periods', derivation: 'share', live: 'throttledShare' },
  nrPeriods: { kind: 'throttled', label: 'throttled periods', derivation: 'share', live: 'throttledShare' },
  throttledUs: { kind: 'throttledTime', label: 'throttled', derivation: 'rate', live: 'throttledSecondsPerSecond' },
  cpuSomeUs: { kind: 'pressure', label: 'waited for CPU', derivation: 'rate', live: 'cpuPressureShare' },
  pids: { kind: 'tasks', label: 'tasks', derivation: 'level', live: 'pids' },
  oomKill: { kind: 'oomKills', label: 'OOM kills', derivation: 'rise', live: 'oomKills' },
  memoryLimitHits: { kind: 'memoryLimitHits', label: 'limit hits', derivation: 'rise', live: 'memoryLimitHits' },
  pidsLimitHits: { kind: 'pidsLimitHits', label: 'refused', derivation: 'rise', live: 'pidsLimitHits' }
}

export interface PlannedLine { service: string, series: RecordedSeries, label: string }
export interface PlannedChart { kind: ChartKind, lines: PlannedLine[] }

/** A chart for each kind of number, a line for each service and series. Periods and throttled periods are one share. */
export function plannedCharts (watches: ExperimentView['watches']): PlannedChart[] {
  const watched = watches.flatMap(({ service, series }) => series.map(name => ({ service, series: name })))
  return chartKinds.flatMap(kind => {
    const own = withoutTwins(watched.filter(({ series }) => chartedSeries[series].kind === kind))
    return own.length === 0 ? [] : [{ kind, lines: own.map(line => ({ ...line, label: labelOf(line, own) })) }]
  })
}

interface Line { service: string, series: RecordedSeries }

/** Series that come to the same line are drawn once. */
function withoutTwins (lines: Line[]): Line[] {
  const keyOf = ({ service, series }: Line) => `${service} ${chartedSeries[series].live}`
  return lines.filter((line, i) => lines.findIndex(other => keyOf(other) === keyOf(line)) === i)
}

/** The service alone where that is enough to distinguish the lines of one chart. */
function labelOf ({ service, series }: Line, all: Line[]): string {
  const isOneSeries = new Set(all.map(line => line.series)).size === 1
  const isOneService = new Set(all.map(line => line.service)).size === 1
  return isOneSeries && !isOneService ? service : `${service}: ${chartedSeries[series].label}`
}
