import { createHistogram } from 'node:perf_hooks'
import type { LatencyFigures, LoadFigures } from '#lab/wire/load.ts'

/** How a request ended: the status of its answer, or why there is none. */
export type RequestOutcome = number | 'timeout' | 'connection_error' | 'missed'

const classes = ['2xx', '3xx', '4xx', '5xx'] as const

/** Microseconds up to an hour, with three significant figures (0.1 %). Takes about 190 KB, however much is recorded. */
const RANGE = { lowest: 1, highest: 3_600_000_000, figures: 3 }

/** Durations in a high dynamic range histogram. Node's own is HdrHistogram_c. */
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
    return {
      count,
      meanMs: ms(mean),
      p50Ms: percentileMs(50),
      p90Ms: percentileMs(90),
      p99Ms: percentileMs(99),
      maxMs: ms(max)
    }
  }
}

/** Counts outcomes, and keeps their latencies. */
export class Tally {
  due = 0
  sent = 0
  succeeded = 0
  failed = 0
  readonly latency = new Latencies()
  readonly #errorLatency = new Latencies()
  readonly #statuses = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 }
  #succeededWithinSecond = 0
  #timeouts = 0
  #connectionErrors = 0
  #missedSends = 0

  get answered (): number { return Object.values(this.#statuses).reduce((sum, count) => sum + count) }
  get missedSends (): number { return this.#missedSends }

  add (outcome: RequestOutcome, ms: number): void {
    this.#count(outcome)
    if (!isSuccess(outcome)) this.failed++
    else this.#succeed(ms)
    if (isOfLatency(outcome)) this.latency.record(ms)
    else this.#errorLatency.record(ms)
  }

  figures (): LoadFigures {
    return {
      due: this.due,
      sent: this.sent,
      succeeded: this.succeeded,
      succeededWithinSecond: this.#succeededWithinSecond,
      failed: this.failed,
      statuses: { ...this.#statuses },
      timeouts: this.#timeouts,
      connectionErrors: this.#connectionErrors,
      missedSends: this.#missedSends,
      latency: this.latency.figures(),
      errorLatency: this.#errorLatency.figures()
    }
  }

  #succeed (ms: number): void {
    this.succeeded++
    if (ms <= 1000) this.#succeededWithinSecond++
  }

  #count (outcome: RequestOutcome): void {
    if (outcome === 'timeout') this.#timeouts++
    else if (outcome === 'connection_error') this.#connectionErrors++
    else if (outcome === 'missed') this.#missedSends++
    else this.#statuses[classOf(outcome)]++
  }
}

function isSuccess (outcome: RequestOutcome): boolean {
  return typeof outcome === 'number' && outcome < 400
}

/**
 * Whether an outcome counts towards the latency. A refusal may come at once, so counting it would flatter the service.
 * A request that was given up has waited at least that long, so leaving it out would flatter it too.
 */
export function isOfLatency (outcome: RequestOutcome): boolean {
  return isSuccess(outcome) || outcome === 'timeout' || outcome === 'missed'
}

/** A number that is not a status (HTTP uses 200 to 599) is counted as a fault of the server. */
function classOf (status: number): typeof classes[number] {
  return classes[Math.floor(status / 100) - 2] ?? '5xx'
}
