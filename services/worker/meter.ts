import type { Usage } from '../shared/job.ts'
import { oomKillsBetween, usageBetween, type UsageReading } from './usage.ts'

const SAMPLE_MS = 50

/** Measures what the worker's container uses while one job runs. */
export class Meter {
  readonly #read: () => UsageReading
  readonly #before: UsageReading
  readonly #timer: NodeJS.Timeout
  #highestBytes: number | null = null

  constructor (read: () => UsageReading) {
    this.#read = read
    this.#before = read()
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS)
  }

  stop (): { usage: Usage, oomKills: number | null } {
    clearInterval(this.#timer)
    const after = this.#read()
    return { usage: usageBetween(this.#before, after, this.#highestBytes), oomKills: oomKillsBetween(this.#before, after) }
  }

  /** One that fails is left out: thrown from a timer it would end the worker. */
  #sample (): void {
    try {
      const bytes = this.#read().memory.currentBytes
      if (bytes !== null) this.#highestBytes = Math.max(bytes, this.#highestBytes ?? 0)
    } catch {
      // `stop` reads once more, and tells of a fault that lasts.
    }
  }
}
