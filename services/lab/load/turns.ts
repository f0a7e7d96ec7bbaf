import type { ConnectionReport, TurnFigures } from '#lab/wire/load.ts'
import { connectionReport } from './connection-report.ts'
import { isOfLatency, Latencies, type RequestOutcome } from './tally.ts'

/** What is remembered of a request when it is given to a connection. */
export interface Turn {
  sentMs: number
  /** Requests that had had their outcome by then. */
  endedBefore: number
}

/**
 * In which order requests were answered. While one of them waits for its turn, each of the others that can be on their
 * way is served once, whatever that takes. Where twice as many were served, others had their turn again and again: it
 * was overtaken.
 */
export class Turns {
  readonly #wait = new Latencies()
  readonly #connect = new Latencies()
  readonly #first = new Group()
  readonly #later = new Group()
  #onTheirWay = 0
  /** At a time, until now. */
  #mostOnTheirWay = 0
  #ended = 0

  begin (nowMs: number, waitedMs: number): Turn {
    this.#wait.record(waitedMs)
    this.#mostOnTheirWay = Math.max(this.#mostOnTheirWay, ++this.#onTheirWay)
    return { sentMs: nowMs, endedBefore: this.#ended }
  }

  connected (tookMs: number): void { this.#connect.record(tookMs) }

  /** `isFirst`: nothing was sent on its connection before it. */
  end ({ sentMs, endedBefore }: Turn, isFirst: boolean, outcome: RequestOutcome, nowMs: number): void {
    const meanwhile = this.#ended++ - endedBefore
    this.#onTheirWay--
    if (!isOfLatency(outcome)) return
    const group = isFirst ? this.#first : this.#later
    group.latency.record(nowMs - sentMs)
    if (meanwhile > 2 * this.#mostOnTheirWay) group.overtaken++
    // Who gave up sooner may have had a turn to come.
    else if (outcome !== 'timeout') group.inTurn++
  }

  report (): ConnectionReport {
    return connectionReport({ wait: this.#wait.figures(), connect: this.#connect.figures(), first: this.#first.figures(), later: this.#later.figures() })
  }
}

class Group {
  readonly latency = new Latencies()
  inTurn = 0
  overtaken = 0

  figures (): TurnFigures { return { inTurn: this.inTurn, overtaken: this.overtaken, latency: this.latency.figures() } }
}
