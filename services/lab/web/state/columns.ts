/**
 * Samples as columns over time, as charts want them: one `at`, and for each container and series one value for each
 * entry of `at`. A container that was away is `null`, and so is everybody over a stretch without samples: a gap in the
 * line, never a zero. Pure.
 */
import type { ContainerView, History, HistorySeries, Sample } from '#lab/wire/live.ts'
import { isNewest, labAfter, secondsOf, setBy, type Lab } from './lab-clock.ts'

export type Values = Array<number | null>

/**
 * What the lab remembers for everybody, and what only samples tell: of these there is nothing from before this page was
 * opened.
 */
export type ColumnSeries = HistorySeries
  | 'peakBytes' | 'shmemBytes' | 'inactiveFileBytes' | 'throttledSecondsPerSecond' | 'restarts' | 'oomKills' | 'memoryLimitHits'
  | 'pidsLimitHits'

export interface Column {
  id: string
  service: string
  name: string
  effective: ContainerView['effective']
  series: Record<ColumnSeries, Values>
}

export interface Columns {
  /**
   * Unix time in seconds, ascending. When the host's clock is set, all of it moves along: what was a minute ago stays a
   * minute ago.
   */
  at: number[]
  /** Whose the newest entry is; `null` while there is none of this life of the lab. */
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
  // As in a recording: the kernel's.
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

/**
 * Adds one moment. `gapSeconds`: with a longer pause than this, the line is interrupted. Changes and returns `columns`.
 */
export function append (columns: Columns, sample: Sample, gapSeconds: number): Columns {
  if (isNewest(columns.lab, sample)) return columns
  const at = secondsOf(sample)
  keepDistance(columns, sample, gapSeconds)
  const last = columns.at.at(-1)
  if (last !== undefined && at - last > gapSeconds) interrupt(columns, last + gapSeconds / 2)
  columns.at.push(at)
  columns.lab = labAfter(columns.lab, sample)
  for (const view of sample.containers) columnOf(columns, view, columns.at.length - 1)
  for (const column of columns.containers) {
    const view = sample.containers.find(({ id }) => id === column.id)
    if (view) Object.assign(column, { name: view.name, service: view.service, effective: view.effective ?? column.effective })
    for (const name of names) column.series[name].push(view && view.state !== 'gone' ? read[name](view) : null)
  }
  return columns
}

/** What the lab remembers, and before it what this page still has: a lab that restarted remembers little. */
export function join (older: Columns, history: History, gapSeconds: number): Columns {
  const first = history.at[0]
  if (first === undefined) return older
  const shift = history.newest ? setBy(older.lab, history.newest) ?? 0 : 0
  const kept = older.at.filter(at => at + shift < first).length
  const columns = slice(older, 0, kept)
  move(columns, shift)
  columns.lab = history.newest ? labAfter(null, history.newest) : null
  for (const container of history.containers) columnOf(columns, container, columns.at.length)
  for (const column of columns.containers) {
    const container = history.containers.find(({ id }) => id === column.id)
    const told: Partial<Record<ColumnSeries, Values>> = container?.series ?? {}
    for (const name of names) column.series[name].push(...(told[name] ?? empty(history.at.length)))
  }
  columns.at.push(...history.at)
  return withGaps(columns, gapSeconds, kept)
}

/** Forgets what is older than `keptSeconds`, and containers of which nothing is left. Changes and returns `columns`. */
export function forget (columns: Columns, keptSeconds: number): Columns {
  const newest = columns.at.at(-1) ?? 0
  const old = firstAfter(columns.at, newest - keptSeconds)
  if (old === 0) return columns
  columns.at.splice(0, old)
  for (const column of columns.containers) for (const name of names) column.series[name].splice(0, old)
  columns.containers = columns.containers.filter(({ series }) => series.memoryBytes.some(isNumber) || series.pids.some(isNumber))
  return columns
}

/** Where the last `seconds` begin, and one entry before them, so that lines come in from the edge. */
export function startOfLast (seconds: number, at: number[]): number {
  return Math.max(0, firstAfter(at, (at.at(-1) ?? 0) - seconds) - 1)
}

export function emptyColumns (): Columns {
  return { at: [], lab: null, containers: [] }
}

/** Finer than samples are spaced. */
const LEAST_SECONDS = 0.001

/**
 * Moves what is there to where it belongs by the clock that the sample goes by. How long a lab was away that begins
 * another life only the host's clock can say; if by that it was less than nothing, it was a while.
 */
function keepDistance (columns: Columns, sample: Sample, gapSeconds: number): void {
  const last = columns.at.at(-1)
  if (last === undefined) return
  const at = secondsOf(sample)
  const shift = setBy(columns.lab, sample) ?? (last < at ? 0 : at - 2 * gapSeconds - last)
  move(columns, Math.min(shift, at - LEAST_SECONDS - last))
}

function move (columns: Columns, seconds: number): void {
  if (seconds !== 0) columns.at = columns.at.map(at => at + seconds)
}

/** A container seen for the first time has nothing for the `length` entries before. */
function columnOf (columns: Columns, { id, service, name, effective }: Omit<Column, 'series'>, length: number): void {
  if (columns.containers.some(column => column.id === id)) return
  const series = Object.fromEntries(names.map(series => [series, empty(length)])) as Column['series']
  columns.containers.push({ id, service, name, effective, series })
}

function interrupt (columns: Columns, at: number): void {
  columns.at.push(at)
  for (const column of columns.containers) for (const name of names) column.series[name].push(null)
}

/** Interrupts the lines wherever entries from `start` on are too far from the one before. */
function withGaps (columns: Columns, gapSeconds: number, start: number): Columns {
  for (let i = columns.at.length - 1; i >= Math.max(1, start); i--) {
    const before = columns.at[i - 1]!
    if (columns.at[i]! - before <= gapSeconds) continue
    columns.at.splice(i, 0, before + gapSeconds / 2)
    for (const column of columns.containers) for (const name of names) column.series[name].splice(i, 0, null)
  }
  return columns
}

function slice (columns: Columns, from: number, to: number): Columns {
  return {
    at: columns.at.slice(from, to),
    lab: columns.lab,
    containers: columns.containers.map(column => ({
      ...column,
      series: Object.fromEntries(names.map(name => [name, column.series[name].slice(from, to)])) as Column['series']
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

function isNumber (value: number | null): boolean {
  return value !== null
}
