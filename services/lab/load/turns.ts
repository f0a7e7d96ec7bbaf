import type { ConnectionReport, TurnFigures } from '#lab/wire/load.ts'
import { connectionReport } from './connection-report.ts'
import { isOfLatency, Latencies, type RequestOutcome } from './tally.ts'

/** What is noted of a request when it is given to a connection. */
export interface Turn {
  sentMs: number
  /** How many requests had ended by then. */
  endedBefore: number
}

/**
 * The order in which requests were answered. In a fair server a request waits until each of the others in flight was
 * served once, however long that takes. If more than twice as many were served meanwhile, some had several turns: the
 * request was overtaken.
 */
export class Turns {
  readonly #wait = new Latencies()
  readonly #connect = new Latencies()
  readonly #first = new Group()
  readonly #later = new Group()
  #inFlight = 0
  /** The most at one time until now. */
  #mostInFlight = 0
  #ended = 0

  begin (nowMs: number, waitedMs: number): Turn {
    this.#wait.record(waitedMs)
    this.#mostInFlight = Math.max(this.#mostInFlight, ++this.#inFlight)
    return { sentMs: nowMs, endedBefore: this.#ended }
  }

  connected (tookMs: number): void { this.#connect.record(tookMs) }

  /** `isFirst`: the request was the first on its connection. */
  end ({ sentMs, endedBefore }: Turn, isFirst: boolean, outcome: RequestOutcome, nowMs: number): void {
    const meanwhile = this.#ended++ - endedBefore
    this.#inFlight--
    if (!isOfLatency(outcome)) return
    const group = isFirst ? this.#first : this.#later
    group.latency.record(nowMs - sentMs)
    if (meanwhile > 2 * this.#mostInFlight) group.overtaken++
    // A request that was given up sooner might still have had its turn.
    else if (outcome !== 'timeout') group.inTurn++
  }

  report (): ConnectionReport {
    return connectionReport({
      wait: this.#wait.figures(),
      connect: this.#connect.figures(),
      first: this.#first.figures(),
      later: this.#later.figures()
    })
  }
}

class Group {
  readonly latency = new Latencies()
  inTurn = 0
  overtaken = 0

  figures (): TurnFigures {
    return { inTurn: this.inTurn, overtaken: this.overtaken, latency: this.latency.figures() }
  }
}
