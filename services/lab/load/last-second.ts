import type { LoadLive } from '#lab/wire/load.ts'
import { Latencies } from './tally.ts'
import type { Tally } from './tally.ts'

export const REPORTS_PER_SECOND = 4

interface Counts { atMs: number, sent: number, answered: number, failed: number }

/** The last second, in one slice for each report. Each report drops the oldest slice. */
export class LastSecond {
  readonly #slices = Array.from({ length: REPORTS_PER_SECOND }, () => new Latencies())
  readonly #sum = new Latencies()
  #counts: Counts[] = [{ atMs: 0, sent: 0, answered: 0, failed: 0 }]

  record (ms: number): void {
    this.#slices[0]!.record(ms)
  }

  /** Closes the current slice. `total` counts from the start of the load, at 0 ms. */
  report (total: Tally, nowMs: number): LoadLive['lastSecond'] {
    const then = this.#counts[0]!
    const now = { atMs: nowMs, sent: total.sent, answered: total.answered, failed: total.failed }
    const perSecond = (count: number): number => Math.round(count * 1e4 / Math.max(1, now.atMs - then.atMs)) / 10
    this.#sum.reset()
    for (const slice of this.#slices) this.#sum.add(slice)
    this.#turn(now)
    return {
      sentPerSecond: perSecond(now.sent - then.sent),
      answeredPerSecond: perSecond(now.answered - then.answered),
      failedPerSecond: perSecond(now.failed - then.failed),
      latency: this.#sum.figures()
    }
  }

  #turn (now: Counts): void {
    const oldest = this.#slices.pop()!
    oldest.reset()
    this.#slices.unshift(oldest)
    this.#counts.push(now)
    if (this.#counts.length > REPORTS_PER_SECOND) this.#counts.shift()
  }
}
