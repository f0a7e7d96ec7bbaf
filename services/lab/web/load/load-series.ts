/**
 * A load over its seconds: what was due and answered, how long that took, and what the quota of its target did
 * meanwhile. Pure.
 */
import type { Columns, Values } from '#lab/web/state/columns.ts'
import { placeOf } from '#lab/web/state/lab-clock.ts'
import type { RingBuffer } from '#lab/web/state/ring-buffer.ts'
import type { LoadLive, LoadSpec, LoadView } from '#lab/wire/load.ts'
import { dueRate } from './load-words.ts'

export interface LoadSeries {
  /** Since the load began, for rates and latencies. */
  seconds: number[]
  due: Values
  answered: Values
  p50Ms: Values
  p99Ms: Values
  /** The target is sampled at times of its own. */
  target: { seconds: number[], throttledShare: Values, cores: Values, limitCores: number | null }
}

export function loadSeries (load: LoadView, lives: LoadLive[], columns: Columns): LoadSeries {
  return {
    seconds: lives.map(({ atSeconds }) => atSeconds),
    due: lives.map(({ atSeconds }) => dueRate(load.spec, atSeconds)),
    answered: lives.map(({ lastSecond }) => lastSecond.answeredPerSecond),
    p50Ms: lives.map(({ lastSecond }) => lastSecond.latency.p50Ms),
    p99Ms: lives.map(({ lastSecond }) => lastSecond.latency.p99Ms),
    target: targetSeries(load, columns)
  }
}

function targetSeries (load: LoadView, { at, lab, containers }: Columns): LoadSeries['target'] {
  const { service } = load.spec
  const from = placeOf(lab, load)
  const to = from + secondsTaken(load)
  const places = at.flatMap((second, i) => second >= from && second <= to ? [i] : [])
  const column = containers.find(container =>
    container.service === service && places.some(i => container.series.cpuCores.at(i) !== null))
  const picked = (values: RingBuffer | undefined) => places.map(i => values?.at(i) ?? null)
  const limit = column?.effective?.cpuCores
  return {
    seconds: places.map(i => at[i]! - from),
    throttledShare: picked(column?.series.throttledShare),
    cores: picked(column?.series.cpuCores),
    limitCores: limit == null || limit.from === 'host' ? null : limit.cores
  }
}

/** As the generator measured it; a load that broke off has no measurement. */
function secondsTaken ({ startedAt, finishedAt, summary }: LoadView): number {
  if (finishedAt === null) return Infinity
  return summary?.seconds ?? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
}

/** A mark for the beginning of each rate. */
export function stepMarks ({ ratesPerSecond, durationSeconds }: LoadSpec): Array<{ atSeconds: number, label: string }> {
  if (ratesPerSecond.length === 1) return []
  return ratesPerSecond.map((rate, i) => ({
    atSeconds: (i * durationSeconds) / ratesPerSecond.length,
    label: `${rate}/s`
  }))
}

/** The mean over the load, as far as the page has seen it; `null` if it has seen none of it. */
export function throttledShareDuring (load: LoadView, columns: Columns): number | null {
  const shares = targetSeries(load, columns).throttledShare.filter(share => share !== null)
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length
}
