/**
 * Samples as columns over time, as charts need them: `at`, and for each container and series one value per entry of
 * `at`. While a container was away its values are `null`, and over a stretch without samples all values are: a gap in
 * the line, never a zero. Pure.
 */
import type { ContainerView, History, HistorySeries, LimitStep, Sample } from '#lab/wire/live.ts'
import { isNewest, labAfter, secondsOf, setBy, type Lab } from './lab-clock.ts'
import { RingBuffer } from './ring-buffer.ts'

export type Values = Array<number | null>

/**
 * The series of the lab's history, and those that only samples have: the latter have no values from before this page
 * was opened.
 */
export type ColumnSeries = HistorySeries
  | 'peakBytes' | 'shmemBytes' | 'inactiveFileBytes' | 'throttledSecondsPerSecond' | 'restarts' | 'oomKills'
  | 'memoryLimitHits' | 'pidsLimitHits'

export interface Column {
  id: string
  service: string
  name: string
  effective: ContainerView['effective']
  /** Oldest first; the last are in force. */
  limitSteps: LimitStep[]
  series: Record<ColumnSeries, RingBuffer>
}

export interface Columns {
  /**
   * Unix time in seconds, ascending. When the host's clock is set, all entries move along: what was a minute ago stays
   * a minute ago.
   */
  at: number[]
  /** The lab that sent the newest entry; `null` while this life of the lab has sent none. */
  lab: Lab | null
  containers: Column[]
}

const read: Record<ColumnSeries, (view: ContainerView) => number | null> = {
  cpuCores: view => view.cpu.cores,
  throttledShare: view => view.cpu.throttledShare,
  memoryBytes: view => view.memory.currentBytes,
  workingSetBytes: view => view.memory.workingSetBytes,
  anonBytes: view => view.memory.anonBytes,
  fileBytes: view => view.memory.fileBytes,
  pids: view => view.pids.current,
  cpuPressureShare: view => view.pressure.cpu?.someShare ?? null,
  memoryPressureShare: view => view.pressure.memory?.someShare ?? null,
  ioPressureShare: view => view.pressure.io?.someShare ?? null,
  // Only the kernel's own peak, as in a recording.
  peakBytes: view => view.memory.peakFrom === 'kernel' ? view.memory.peakBytes : null,
  shmemBytes: view => view.memory.shmemBytes,
  inactiveFileBytes: view => view.memory.inactiveFileBytes,
  throttledSecondsPerSecond: view => view.cpu.throttledSecondsPerSecond,
  restarts: view => view.restarts,
  oomKills: view => view.oomKills,
  memoryLimitHits: view => view.memory.limitHitsTotal,
  pidsLimitHits: view => view.pids.limitHitsTotal
}
const names = Object.keys(read) as ColumnSeries[]

/** Adds one moment. A pause of more than `gapSeconds` interrupts the lines. Changes and returns `columns`. */
export function append (columns: Columns, sample: Sample, gapSeconds: number): Columns {
  if (isNewest(columns.lab, sample)) return columns
  const at = secondsOf(sample)
  keepDistance(columns, sample, gapSeconds)
  const last = columns.at.at(-1)
  if (last !== undefined && at - last > gapSeconds) interrupt(columns, last + gapSeconds / 2)
  columns.at.push(at)
  columns.lab = labAfter(columns.lab, sample)
  const known = new Set(columns.containers.map(({ id }) => id))
  for (const view of sample.containers) if (!known.has(view.id)) addColumn(columns, view, columns.at.length - 1)
  const views = new Map(sample.containers.map(view => [view.id, view]))
  for (const column of columns.containers) addTo(column, views.get(column.id), at)
  return columns
}

function addTo (column: Column, view: ContainerView | undefined, at: number): void {
  if (view) {
    column.name = view.name
    column.service = view.service
    if (view.effective) noteLimits(column, view.effective, at)
  }
  const isThere = view !== undefined && view.state !== 'gone'
  for (const name of names) column.series[name].push(isThere ? read[name](view) : null)
}

function noteLimits (column: Column, effective: LimitStep['effective'], at: number): void {
  column.effective = effective
  const last = column.limitSteps.at(-1)
  if (last === undefined || !areSame(last.effective, effective)) column.limitSteps.push({ at, effective })
}

function areSame (a: LimitStep['effective'], b: LimitStep['effective']): boolean {
  return a.memory?.bytes === b.memory?.bytes && a.cpuCores?.cores === b.cpuCores?.cores && a.pids?.max === b.pids?.max
}

/** The lab's history, preceded by what this page still has: a lab that restarted remembers little. */
export function join (older: Columns, history: History, gapSeconds: number): Columns {
  const first = history.at[0]
  if (first === undefined) return older
  const shift = history.newest ? setBy(older.lab, history.newest) ?? 0 : 0
  const kept = older.at.filter(at => at + shift < first).length
  const columns = slice(older, 0, kept)
  move(columns, shift)
  columns.lab = history.newest ? labAfter(null, history.newest) : null
  const known = new Set(columns.containers.map(({ id }) => id))
  for (const container of history.containers) if (!known.has(container.id)) addColumn(columns, container, kept)
  const { at, places } = withGaps(columns.at.at(-1), history.at, gapSeconds)
  columns.at.push(...at)
  for (const column of columns.containers) {
    const container = history.containers.find(({ id }) => id === column.id)
    for (const { at, effective } of container?.limitSteps ?? []) noteLimits(column, effective, at)
    const remembered: Partial<Record<ColumnSeries, Values>> = container?.series ?? {}
    for (const name of names) for (const i of places) column.series[name].push(remembered[name]?.[i] ?? null)
  }
  return columns
}

/**
 * Forgets what is older than `keptSeconds`, and containers without any value left. Changes and returns `columns`.
 */
export function forget (columns: Columns, keptSeconds: number): Columns {
  const newest = columns.at.at(-1) ?? 0
  const old = firstAfter(columns.at, newest - keptSeconds)
  if (old === 0) return columns
  columns.at.splice(0, old)
  for (const column of columns.containers) column.limitSteps = stepsFrom(column.limitSteps, columns.at[0] ?? newest)
  for (const column of columns.containers) for (const name of names) column.series[name].drop(old)
  columns.containers = columns.containers.filter(({ series }) =>
    series.memoryBytes.hasNumber() || series.pids.hasNumber())
  return columns
}

/** Those that were in force at that moment, and all later ones. */
function stepsFrom (steps: LimitStep[], at: number): LimitStep[] {
  return steps.filter((_step, i) => (steps[i + 1]?.at ?? Infinity) > at)
}

/** The index at which the last `seconds` begin, less one, so that lines come in from the edge. */
export function startOfLast (seconds: number, at: number[]): number {
  return Math.max(0, firstAfter(at, (at.at(-1) ?? 0) - seconds) - 1)
}

export function emptyColumns (): Columns {
  return { at: [], lab: null, containers: [] }
}

/** Samples are never closer than this. */
const LEAST_SECONDS = 0.001

/**
 * Moves the entries to where they belong by the clock of the new sample. If the lab begins another life, only the
 * host's clock says how long it was away; if that is a negative time, the clock was set, and a gap is assumed.
 */
function keepDistance (columns: Columns, sample: Sample, gapSeconds: number): void {
  const last = columns.at.at(-1)
  if (last === undefined) return
  const at = secondsOf(sample)
  const shift = setBy(columns.lab, sample) ?? (last < at ? 0 : at - 2 * gapSeconds - last)
  move(columns, Math.min(shift, at - LEAST_SECONDS - last))
}

function move (columns: Columns, seconds: number): void {
  if (seconds === 0) return
  columns.at = columns.at.map(at => at + seconds)
  for (const { limitSteps } of columns.containers) for (const step of limitSteps) step.at += seconds
}

/** Adds the column of a container seen for the first time, with `length` empty entries before. */
function addColumn (
  columns: Columns, { id, service, name, effective }: Omit<Column, 'series' | 'limitSteps'>, length: number
): void {
  const series = Object.fromEntries(names.map(series => [series, RingBuffer.of(empty(length))])) as Column['series']
  columns.containers.push({ id, service, name, effective, limitSteps: [], series })
}

function interrupt (columns: Columns, at: number): void {
  columns.at.push(at)
  for (const column of columns.containers) for (const name of names) column.series[name].push(null)
}

/**
 * The times of `history`, with one more wherever an entry is too far from the one before, and for each the place of its
 * values in `history`: such an interruption has none, and is `-1`.
 */
function withGaps (last: number | undefined, history: number[], gapSeconds: number) {
  const at: number[] = []
  const places: number[] = []
  for (const [i, next] of history.entries()) {
    const before = i === 0 ? last : history[i - 1]
    if (before !== undefined && next - before > gapSeconds) {
      at.push(before + gapSeconds / 2)
      places.push(-1)
    }
    at.push(next)
    places.push(i)
  }
  return { at, places }
}

/** A part of them, which shares no array with the whole. */
export function slice (columns: Columns, from: number, to: number): Columns {
  return {
    at: columns.at.slice(from, to),
    lab: columns.lab,
    containers: columns.containers.map(column => ({
      ...column,
      limitSteps: column.limitSteps.filter(({ at }) => at <= (columns.at[to - 1] ?? 0)).map(step => ({ ...step })),
      series: Object.fromEntries(names.map(name =>
        [name, RingBuffer.of(column.series[name].slice(from, to))])) as Column['series']
    }))
  }
}

function firstAfter (at: number[], limit: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (at[middle]! > limit) high = middle
    else low = middle + 1
  }
  return low
}

function empty (length: number): Values {
  return new Array<number | null>(length).fill(null)
}
