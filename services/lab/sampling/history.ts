import { rates } from '../../cgroup/rates.ts'
import { historySeries } from '../wire.ts'
import { pressureShare } from './pressure.ts'
import { throttledShareBetween } from './throttling.ts'
import type { Watched } from './watched.ts'

/** More entries than a screen has pixels; a finer or longer history keeps every second sample, or every tenth. */
const MAX_ENTRIES = 3600

/** Every how many samples one is kept, and how many are kept. */
export function sizeOf (hz: number, keepSeconds: number): { every: number, entries: number } {
  const every = Math.ceil(hz * keepSeconds / MAX_ENTRIES)
  return { every, entries: Math.ceil(hz * keepSeconds / every) }
}

/**
 * The last minutes of every container, in rings of fixed size: one of times for all, and a block for each container, which goes to
 * the next when a container is forgotten. NaN is "nothing was measured". Single precision is enough: seven digits.
 */
export class History {
  readonly entries: number
  readonly #at: Float64Array
  readonly #blocks = new Map<string, Float32Array>()
  readonly #spare: Float32Array[] = []
  #next = 0
  #filled = 0

  constructor (entries: number) {
    this.entries = entries
    this.#at = new Float64Array(entries)
  }

  add (id: string): void {
    this.#blocks.set(id, (this.#spare.pop() ?? new Float32Array(this.entries * historySeries.length)).fill(NaN))
  }

  forget (id: string): void {
    const block = this.#blocks.get(id)
    if (block !== undefined) this.#spare.push(block)
    this.#blocks.delete(id)
  }

  /** Makes the next entry; what is not put into it was not measured. */
  begin (atSeconds: number): void {
    const slot = this.#next
    this.#at[slot] = atSeconds
    for (const block of this.#blocks.values()) {
      for (let series = 0; series < historySeries.length; series++) block[series * this.entries + slot] = NaN
    }
    this.#next = (slot + 1) % this.entries
    this.#filled = Math.min(this.#filled + 1, this.entries)
  }

  /** One value for each of `historySeries`, into the entry that was begun last. */
  put (id: string, values: ArrayLike<number>): void {
    const block = this.#blocks.get(id)
    if (block === undefined) return
    const slot = (this.#next + this.entries - 1) % this.entries
    for (let series = 0; series < historySeries.length; series++) block[series * this.entries + slot] = values[series]!
  }

  /** Which slots belong to which step, from `fromSeconds` on, oldest first. */
  steps (fromSeconds: number, stepSeconds: number): Step[] {
    const steps: Step[] = []
    for (let i = this.#filled; i > 0; i--) {
      const slot = (this.#next + this.entries - i) % this.entries
      const at = this.#at[slot]!
      if (at < fromSeconds) continue
      const start = Math.floor(at / stepSeconds) * stepSeconds
      const last = steps.at(-1)
      if (last !== undefined && last.start === start) last.slots.push(slot)
      else steps.push({ start, at, slots: [slot] })
    }
    return steps
  }

  /** The mean of each step; `null` where nothing was measured in it. */
  column (id: string, series: number, steps: Step[]): Array<number | null> {
    const block = this.#blocks.get(id)
    const offset = series * this.entries
    return steps.map(({ slots }) => block === undefined ? null : mean(block, offset, slots))
  }
}

export interface Step { start: number, at: number, slots: number[] }

function mean (block: Float32Array, offset: number, slots: number[]): number | null {
  let sum = 0
  let count = 0
  for (const slot of slots) {
    const value = block[offset + slot]!
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? null : Math.round(sum / count * 1e4) / 1e4
}

const row = new Float64Array(historySeries.length)

/** A container's values in the order of `historySeries`, since `before`; one array for all, good until the next call. */
export function rowOf (watched: Watched, before: Watched['last']): Float64Array {
  const reading = watched.last!
  const change = rates(before, reading)
  const second = rates(watched.aSecondAgo(), reading)?.pressure
  const values = {
    cpuCores: change?.cpuCores,
    throttledShare: throttledShareBetween(watched.aSecondAgo(), reading),
    memoryBytes: reading.memory.currentBytes,
    workingSetBytes: reading.memory.workingSetBytes,
    anonBytes: reading.memory.anonBytes,
    fileBytes: reading.memory.fileBytes,
    pids: reading.pids.current,
    cpuPressureShare: pressureShare(second?.cpu?.someShare),
    memoryPressureShare: pressureShare(second?.memory?.someShare),
    ioPressureShare: pressureShare(second?.io?.someShare)
  }
  for (let i = 0; i < historySeries.length; i++) row[i] = values[historySeries[i]!] ?? NaN
  return row
}
