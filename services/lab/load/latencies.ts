import { createHistogram } from 'node:perf_hooks'
import type { LatencyFigures } from '#lab/wire/load.ts'

/** Microseconds up to an hour, each to three figures: 0.1 %. About 190 KB, however much is recorded. */
const RANGE = { lowest: 1, highest: 3_600_000_000, figures: 3 }

/** Durations in a high dynamic range histogram: Node's own is HdrHistogram_c. */
export class Latencies {
  readonly #histogram = createHistogram(RANGE)

  record (ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * 1000)))
  }

  add (other: Latencies): void {
    this.#histogram.add(other.#histogram)
  }

  reset (): void {
    this.#histogram.reset()
  }

  figures (): LatencyFigures {
    const { count, mean, max } = this.#histogram
    const ms = (us: number): number | null => count === 0 ? null : Math.round(us) / 1000
    const percentileMs = (percent: number): number | null => ms(this.#histogram.percentile(percent))
    return { count, meanMs: ms(mean), p50Ms: percentileMs(50), p90Ms: percentileMs(90), p99Ms: percentileMs(99), maxMs: ms(max) }
  }
}
