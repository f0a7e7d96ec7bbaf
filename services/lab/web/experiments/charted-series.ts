/** The counters an experiment watches, as charts: which belong together, and what each line is called. Pure. */
import type { ColumnSeries } from '#lab/web/state/columns.ts'
import type { ExperimentView, RecordedSeries } from '#lab/wire/experiments.ts'

export const chartKinds = ['memory', 'cpu', 'throttled', 'throttledTime', 'pressure', 'tasks', 'oomKills', 'memoryLimitHits', 'pidsLimitHits'] as const
export type ChartKind = typeof chartKinds[number]

/** How totals become what is drawn: a level as it is, a rise since the start, a rate, or a share of periods. */
export type Reckoning = 'level' | 'rise' | 'rate' | 'share'

interface Watched {
  kind: ChartKind
  label: string
  reckoning: Reckoning
  /** The same in the samples of the stream, where rates and shares are reckoned already. */
  live: ColumnSeries
}

export const watched: Record<RecordedSeries, Watched> = {
  memoryBytes: { kind: 'memory', label: 'in use', reckoning: 'level', live: 'memoryBytes' },
  peakBytes: { kind: 'memory', label: 'peak', reckoning: 'level', live: 'peakBytes' },
  workingSetBytes: { kind: 'memory', label: 'working set', reckoning: 'level', live: 'workingSetBytes' },
  anonBytes: { kind: 'memory', label: 'anonymous', reckoning: 'level', live: 'anonBytes' },
  fileBytes: { kind: 'memory', label: 'page cache', reckoning: 'level', live: 'fileBytes' },
  shmemBytes: { kind: 'memory', label: 'tmpfs and shared', reckoning: 'level', live: 'shmemBytes' },
  inactiveFileBytes: { kind: 'memory', label: 'idle page cache', reckoning: 'level', live: 'inactiveFileBytes' },
  cpuUsageUs: { kind: 'cpu', label: 'CPUs used', reckoning: 'rate', live: 'cpuCores' },
  nrThrottled: { kind: 'throttled', label: 'throttled periods', reckoning: 'share', live: 'throttledShare' },
  nrPeriods: { kind: 'throttled', label: 'throttled periods', reckoning: 'share', live: 'throttledShare' },
  throttledUs: { kind: 'throttledTime', label: 'throttled', reckoning: 'rate', live: 'throttledSecondsPerSecond' },
  cpuSomeUs: { kind: 'pressure', label: 'waited for CPU', reckoning: 'rate', live: 'cpuPressureShare' },
  pids: { kind: 'tasks', label: 'tasks', reckoning: 'level', live: 'pids' },
  oomKill: { kind: 'oomKills', label: 'OOM kills', reckoning: 'rise', live: 'oomKills' },
  memoryLimitHits: { kind: 'memoryLimitHits', label: 'limit hits', reckoning: 'rise', live: 'memoryLimitHits' },
  pidsLimitHits: { kind: 'pidsLimitHits', label: 'refused', reckoning: 'rise', live: 'pidsLimitHits' }
}

export interface PlannedLine { service: string, series: RecordedSeries, label: string }
export interface PlannedChart { kind: ChartKind, lines: PlannedLine[] }

/** A chart for each kind of number, a line for each service and series; periods and throttled ones are one share. */
export function plannedCharts (watches: ExperimentView['watches']): PlannedChart[] {
  const lines = watches.flatMap(({ service, series }) => series.map(name => ({ service, series: name, kind: watched[name].kind })))
  return chartKinds.flatMap(kind => {
    const own = lines.filter(line => line.kind === kind)
      .filter((line, i, all) => all.findIndex(other => other.service === line.service && watched[other.series].live === watched[line.series].live) === i)
    return own.length === 0 ? [] : [{ kind, lines: own.map(line => ({ service: line.service, series: line.series, label: labelOf(line, own) })) }]
  })
}

/** Says what tells the lines of one chart apart, and nothing else. */
function labelOf ({ service, series }: { service: string, series: RecordedSeries }, all: Array<{ service: string, series: RecordedSeries }>): string {
  const isOneSeries = new Set(all.map(line => line.series)).size === 1
  const isOneService = new Set(all.map(line => line.service)).size === 1
  return isOneSeries && !isOneService ? service : `${service}: ${watched[series].label}`
}
