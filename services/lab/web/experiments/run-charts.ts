/**
 * The series that an experiment watches, over the seconds of one run: from its recording, or from the samples during
 * it. Pure.
 */
import { risesOverLives } from '#cgroup/counters.ts'
import { rateLine, shareLine, type Totals } from '#lab/web/charts/derive.ts'
import { cpuLimit, memoryLimit, pidsLimit } from '#lab/web/container-words.ts'
import { startOfLast, type Column, type Columns, type Values } from '#lab/web/state/columns.ts'
import type { RecordedContainer, RecordedSeries, Recording } from '#lab/wire/experiments.ts'
import { chartedSeries, type ChartKind, type PlannedChart, type PlannedLine } from './charted-series.ts'

export interface DrawnLine extends PlannedLine { values: Values, limit: number | null }
/** `seconds` count from the start of the run; each line has one value for each of them. */
export interface DrawnChart { kind: ChartKind, seconds: number[], lines: DrawnLine[] }

const SHARE_WINDOW_SECONDS = 1
const US = 1e6

export function recordedCharts (
  plan: PlannedChart[],
  { startedAt, recording: { containers, events } }: {
    startedAt: string, recording: Pick<Recording, 'containers' | 'events'>
  }
): DrawnChart[] {
  const { seconds, places } = momentsOf(containers.map(({ atSeconds }) => atSeconds))
  const kills = killsOf(events, startedAt)
  return plan.map(({ kind, lines }) => ({
    kind,
    seconds,
    lines: lines.map(line => {
      const own = (series: RecordedSeries) => totalsOf(containers, places, line.service, series, seconds.length)
      const values = derivedValues(line.series, own, seconds)
      const effective = containers.findLast(({ service }) => service === line.service)?.effective ?? null
      return {
        ...line,
        values: line.series === 'oomKill' ? withKillEvents(values, seconds, kills, line.service) : values,
        limit: limitOf(kind, effective)
      }
    })
  }))
}

/** `startedAt`: where the run began on the scale of `columns`, see `placeOf`. */
export function liveCharts (plan: PlannedChart[], columns: Columns, startedAt: number): DrawnChart[] {
  const from = startOfLast((columns.at.at(-1) ?? startedAt) - startedAt, columns.at)
  const seconds = columns.at.slice(from).map(at => at - startedAt)
  return plan.map(({ kind, lines }) => ({
    kind,
    seconds,
    lines: lines.map(line => {
      const column = columnOf(columns, line.service)
      const { live, derivation } = chartedSeries[line.series]
      const values = column?.series[live].slice(from) ?? seconds.map(() => null)
      // The lab's own count of kills goes on over restarts; the kernel's counters begin again.
      const lives = live === 'oomKills' ? [] : column?.series.restarts.slice(from) ?? []
      const totals = values.map((value, i) => value === null ? null : { life: lives[i] ?? 0, value })
      const limit = column ? limitOf(kind, column.effective) : null
      return { ...line, values: derivation === 'rise' ? risesOverLives(totals) : values, limit }
    })
  }))
}

/**
 * Readings of one sample are taken one after the other. They count as one moment, in which each container is read once.
 * On a busy machine they may be far apart, but less than samples are.
 */
export function momentsOf (times: number[][]): { seconds: number[], places: number[][] } {
  const readings = times.flatMap((own, of) => own.map((at, i) => ({ at, of, i }))).sort((a, b) => a.at - b.at)
  const most = halfDistance(times)
  const seconds: number[] = []
  const places = times.map(own => own.map(() => 0))
  let seen = new Set<number>()
  for (const { at, of, i } of readings) {
    if (seconds.length === 0 || seen.has(of) || at - seconds.at(-1)! > most) {
      seconds.push(at)
      seen = new Set()
    }
    seen.add(of)
    places[of]![i] = seconds.length - 1
  }
  return { seconds, places }
}

/** Half the usual distance between the readings of the container with the most. */
function halfDistance (times: number[][]): number {
  const longest = times.reduce<number[]>((longest, own) => own.length > longest.length ? own : longest, [])
  const distances = longest.slice(1).map((at, i) => at - longest[i]!).sort((a, b) => a - b)
  return (distances[distances.length >> 1] ?? 0) / 2
}

interface Kill { service: string, atSeconds: number, kills: number }

function killsOf (events: Recording['events'], startedAt: string): Kill[] {
  return events.flatMap(({ service, atSeconds, at, oom }) => oom === null
    ? []
    : [{ service, atSeconds: atSeconds ?? (Date.parse(at) - Date.parse(startedAt)) / 1000, kills: oom.kills }])
}

/**
 * A container that ends with its process takes its counter with it before that kill could be read; the event is what
 * remains of it.
 */
function withKillEvents (values: Values, seconds: number[], kills: Kill[], service: string): Values {
  const own = kills.filter(kill => kill.service === service)
  return values.map((value, i) => {
    const killed = own.reduce((sum, { atSeconds, kills }) => sum + (atSeconds <= seconds[i]! ? kills : 0), 0)
    return value === null ? null : Math.max(value, killed)
  })
}

/** The container that is there now; a run watches one of each service. */
function columnOf ({ containers }: Columns, service: string): Column | undefined {
  const own = containers.filter(column => column.service === service)
  return own.find(({ series }) => (series.memoryBytes.at(-1) ?? series.pids.at(-1) ?? null) !== null) ?? own.at(-1)
}

/** The readings of a service's containers, one total for each moment. */
function totalsOf (
  containers: RecordedContainer[], places: number[][], service: string, series: RecordedSeries, length: number
): Totals {
  const totals: Totals = new Array<Totals[number]>(length).fill(null)
  for (const [of, container] of containers.entries()) {
    if (container.service !== service) continue
    for (const [i, value] of container.series[series].entries()) {
      if (value != null) totals[places[of]![i]!] = { life: container.life[i]!, value }
    }
  }
  return totals
}

function derivedValues (
  series: RecordedSeries, totals: (series: RecordedSeries) => Totals, seconds: number[]
): Values {
  switch (chartedSeries[series].derivation) {
    case 'level': return totals(series).map(total => total?.value ?? null)
    case 'rise': return risesOverLives(totals(series))
    case 'share': return shareLine(totals('nrThrottled'), totals('nrPeriods'), seconds, SHARE_WINDOW_SECONDS)
    case 'rate': {
      const windowSeconds = series === 'cpuSomeUs' ? SHARE_WINDOW_SECONDS : 0
      return rateLine(totals(series), seconds, windowSeconds).map(rate => rate === null ? null : rate / US)
    }
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
