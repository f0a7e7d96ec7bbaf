import type { LoadLive, LoadSummary } from '#lab/wire/load.ts'
import { LastSecond } from './last-second.ts'
import type { Schedule } from './schedule.ts'
import { isOfLatency, Latencies, Tally, type RequestOutcome } from './tally.ts'
import { Turns, type Turn } from './turns.ts'

/** A request later than this is called late. It is ten times what a timer of the event loop may be off. */
export const LATE_MS = 10

/** What the generator measures. `own` is about itself; the rest of the generator report comes from its cgroup. */
export type Measured = Omit<LoadSummary, 'generator'> & {
  own: Pick<LoadSummary['generator'], 'lateSends' | 'lateness' | 'waitedForConnection'>
}

/** Records what happens to the requests, in total and for each step. Its size does not depend on their number. */
export class Measurement {
  readonly #schedule: Schedule
  readonly #total = new Tally()
  readonly #steps: Tally[]
  readonly #lastSecond = new LastSecond()
  readonly #lateness = new Latencies()
  readonly #turns = new Turns()
  #lateSends = 0
  #waited = 0

  constructor (schedule: Schedule) {
    this.#schedule = schedule
    this.#steps = schedule.steps.map(() => new Tally())
  }

  due (request: number, latenessMs: number): void {
    this.#total.due++
    this.#stepOf(request).due++
    this.#lateness.record(latenessMs)
    if (latenessMs > LATE_MS) this.#lateSends++
  }

  /** `waitedMs` is the time since the request was due. */
  sent (request: number, nowMs: number, waitedMs: number): Turn {
    this.#total.sent++
    this.#stepOf(request).sent++
    return this.#turns.begin(nowMs, waitedMs)
  }

  connected (tookMs: number): void { this.#turns.connected(tookMs) }

  /** A request that was sent has ended. */
  leftConnection (turn: Turn, isFirst: boolean, outcome: RequestOutcome, nowMs: number): void {
    this.#turns.end(turn, isFirst, outcome, nowMs)
  }

  ended (request: number, outcome: RequestOutcome, ms: number): void {
    this.#total.add(outcome, ms)
    this.#stepOf(request).add(outcome, ms)
    if (isOfLatency(outcome)) this.#lastSecond.record(ms)
  }

  foundNoConnection (requests: number): void { this.#waited += requests }

  /** Closes the current slice of the last second. */
  live (elapsedMs: number): Omit<LoadLive, 'inFlight' | 'waiting'> {
    return {
      atSeconds: secondsOf(elapsedMs),
      lastSecond: this.#lastSecond.report(this.#total, elapsedMs),
      total: this.#total.figures()
    }
  }

  whole (elapsedMs: number): Measured {
    return {
      seconds: secondsOf(elapsedMs),
      total: this.#total.figures(),
      steps: this.#schedule.steps.map(({ ratePerSecond }, i) => ({ ratePerSecond, ...this.#steps[i]!.figures() })),
      connections: this.#turns.report(),
      own: { lateSends: this.#lateSends, lateness: this.#lateness.figures(), waitedForConnection: this.#waited }
    }
  }

  #stepOf (request: number): Tally { return this.#steps[this.#schedule.stepOf(request)]! }
}

function secondsOf (ms: number): number { return Math.round(ms) / 1000 }
