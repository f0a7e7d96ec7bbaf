import { cpuCores, pressureRates, pressureShare, throttledShare } from '#cgroup/rates.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { historySeries } from '#lab/wire/live.ts'

/** More than a screen has pixels. A finer or longer history keeps only every second sample, or every tenth. */
const MAX_ENTRIES = 3600

/** `every`: one sample in this many is kept. `entries`: how many are kept. */
export function sizeOf (hz: number, keepSeconds: number): { every: number, entries: number } {
  const every = Math.ceil(hz * keepSeconds / MAX_ENTRIES)
  return { every, entries: Math.ceil(hz * keepSeconds / every) }
}

const PAGE_ENTRIES = 128

/**
 * Values of one container, a row for each entry. NaN means that nothing was measured. Single precision, seven digits,
 * is enough.
 */
type Page = Float32Array

/**
 * The last minutes of every container: one ring of times for all, and for each container the pages of that ring in
 * which it was measured. So memory is bounded, and a container that was there for a moment costs at most a page or two.
 * Pages that have grown old are used again.
 */
export class History {
  readonly entries: number
  /** Seconds on the clock that is never set; those of the wall clock would not stay in order. */
  readonly #at: Float64Array
  readonly #pages = new Map<string, Array<Page | undefined>>()
  readonly #spare: Page[] = []
  #next = 0
  #filled = 0
  #newestSeq = 0

  constructor (entries: number) {
    this.entries = entries
    // One page more than the entries need, because the page that is being filled was cleared.
    this.#at = new Float64Array((Math.ceil(entries / PAGE_ENTRIES) + 1) * PAGE_ENTRIES)
  }

  add (id: string): void {
    this.#pages.set(id, [])
  }

  forget (id: string): void {
    const pages = this.#pages.get(id) ?? []
    for (const page of pages) if (page !== undefined) this.#spare.push(page)
    this.#pages.delete(id)
  }

  /** The last entry, and the number of its sample. */
  get newest (): { at: number, seq: number } | null {
    return this.#filled === 0 ? null : { at: this.#at[this.#slotBefore(1)]!, seq: this.#newestSeq }
  }

  /** Begins the next entry. A container that is not put into it was not measured. */
  begin (atSeconds: number, seq: number): void {
    if (this.#next % PAGE_ENTRIES === 0) this.#clear(this.#next / PAGE_ENTRIES)
    this.#at[this.#next] = atSeconds
    this.#next = (this.#next + 1) % this.#at.length
    this.#filled = Math.min(this.#filled + 1, this.entries)
    this.#newestSeq = seq
  }

  /** Puts one value for each of `historySeries` into the entry that was begun last. */
  put (id: string, values: ArrayLike<number>): void {
    const pages = this.#pages.get(id)
    if (pages === undefined) return
    const slot = this.#slotBefore(1)
    const page = pages[pageOf(slot)] ??= this.#emptyPage()
    page.set(values, offsetOf(slot))
  }

  /** The steps from `fromSeconds` on with their slots, oldest first. */
  steps (fromSeconds: number, stepSeconds: number): HistoryStep[] {
    const steps: HistoryStep[] = []
    for (let i = this.#filled; i > 0; i--) {
      const slot = this.#slotBefore(i)
      const at = this.#at[slot]!
      if (at < fromSeconds) continue
      const start = Math.floor(at / stepSeconds) * stepSeconds
      const last = steps.at(-1)
      if (last !== undefined && last.start === start) last.slots.push(slot)
      else steps.push({ start, at, slots: [slot] })
    }
    return steps
  }

  /** The mean over each step; `null` where nothing was measured. */
  column (id: string, series: number, steps: HistoryStep[]): Array<number | null> {
    const pages = this.#pages.get(id) ?? []
    return steps.map(({ slots }) => mean(pages, series, slots))
  }

  #slotBefore (entries: number): number {
    return (this.#next + this.#at.length - entries) % this.#at.length
  }

  #clear (index: number): void {
    for (const pages of this.#pages.values()) {
      const page = pages[index]
      if (page !== undefined) this.#spare.push(page)
      pages[index] = undefined
    }
  }

  #emptyPage (): Page {
    return (this.#spare.pop() ?? new Float32Array(PAGE_ENTRIES * historySeries.length)).fill(NaN)
  }
}

/** `at`: the time of its first entry. */
export interface HistoryStep { start: number, at: number, slots: number[] }

function pageOf (slot: number): number {
  return Math.floor(slot / PAGE_ENTRIES)
}

/** Where a slot's row begins in its page. */
function offsetOf (slot: number): number {
  return slot % PAGE_ENTRIES * historySeries.length
}

function mean (pages: Array<Page | undefined>, series: number, slots: number[]): number | null {
  let sum = 0
  let count = 0
  for (const slot of slots) {
    const value = pages[pageOf(slot)]?.[offsetOf(slot) + series] ?? NaN
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? null : Math.round(sum / count * 1e4) / 1e4
}

const row = new Float64Array(historySeries.length)

/**
 * A container's values in the order of `historySeries`, with CPU use since `before`. The array is shared: it is valid
 * until the next call.
 */
export function rowOf (watched: WatchedContainer, before: WatchedContainer['last']): Float64Array {
  const reading = watched.last!
  const aSecondAgo = watched.aSecondAgo()
  const pressure = pressureRates(aSecondAgo, reading)
  const values = {
    cpuCores: cpuCores(before, reading),
    throttledShare: throttledShare(aSecondAgo, reading),
    memoryBytes: reading.memory.currentBytes,
    workingSetBytes: reading.memory.workingSetBytes,
    anonBytes: reading.memory.anonBytes,
    fileBytes: reading.memory.fileBytes,
    pids: reading.pids.current,
    cpuPressureShare: pressureShare(pressure?.cpu?.someShare),
    memoryPressureShare: pressureShare(pressure?.memory?.someShare),
    ioPressureShare: pressureShare(pressure?.io?.someShare)
  }
  for (let i = 0; i < historySeries.length; i++) row[i] = values[historySeries[i]!] ?? NaN
  return row
}
