import type { LoadLive, LoadSummary } from '../wire.ts'
import type { Address, Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { LastSecond, REPORTS_PER_SECOND } from './last-second.ts'
import { Latencies } from './latencies.ts'
import type { Schedule } from './schedule.ts'
import { isOfLatency, Tally, type Outcome } from './tally.ts'

/** Later than this, a request is called late: ten times what a timer of the event loop may be off. */
export const LATE_MS = 10
/** Timers of the event loop have whole milliseconds. Up to half of one early is nearer to the plan than up to one late. */
const EARLY_MS = 0.5
const SWEEPS_PER_SECOND = 20

export interface Plan {
  schedule: Schedule
  /** The request, byte by byte. */
  text: Buffer
  connections: number
  timeoutMs: number
  address: () => Address
}

/** What the generator knows of itself. */
export interface OwnFigures extends Pick<LoadSummary['generator'], 'lateSends' | 'lateness' | 'waitedForConnection'> {}

export type Measured = Omit<LoadSummary, 'generator'> & { own: OwnFigures }

/**
 * Sends every request when it is due, whatever became of those before it, and measures from that moment. Requests are three ranges of
 * numbers: sent, waiting for a connection (from `#next`), not yet due (from `#due`). So waiting costs no memory, and its end is the
 * timeout: what could not be sent by then is never sent, and counted.
 */
export class Generator {
  readonly #plan: Plan
  readonly #connections: Connections
  readonly #total = new Tally()
  readonly #steps: Tally[]
  readonly #lastSecond = new LastSecond()
  readonly #lateness = new Latencies()
  #startedMs = 0
  #due = 0
  #next = 0
  #inFlight = 0
  #lateSends = 0
  #waited = 0
  #timer: NodeJS.Timeout | undefined
  #isOver = false
  #resolve = (): void => {}

  constructor (plan: Plan) {
    this.#plan = plan
    this.#steps = plan.schedule.steps.map(() => new Tally())
    this.#connections = new Connections(plan.connections, plan.address, {
      answered: (connection, status) => this.#conclude(connection, status),
      closed: connection => {
        if (connection.isBusy) this.#conclude(connection, 'connection_error')
        else this.#send()
      }
    })
  }

  /** Resolves when every request has its outcome, or after `cancel`. */
  async run (onLive: (live: LoadLive) => void): Promise<Measured> {
    this.#startedMs = performance.now()
    const sweep = setInterval(() => this.#sweep(), 1000 / SWEEPS_PER_SECOND)
    const report = setInterval(() => onLive(this.#live()), 1000 / REPORTS_PER_SECOND)
    await new Promise<void>(resolve => {
      this.#resolve = resolve
      this.#tick()
    })
    clearTimeout(this.#timer)
    clearInterval(sweep)
    clearInterval(report)
    this.#connections.close()
    return this.#measured()
  }

  /** Sends nothing more and waits for nothing; requests without an outcome get none. */
  cancel (): void { this.#end() }

  #end (): void {
    this.#isOver = true
    this.#resolve()
  }

  get #elapsedMs (): number { return performance.now() - this.#startedMs }

  #dueMs (request: number): number { return this.#startedMs + this.#plan.schedule.dueMs(request) }

  /** Takes up what has become due since the last time, and sends it. */
  #tick (): void {
    const { schedule } = this.#plan
    const nowMs = performance.now()
    const before = this.#due
    while (this.#due < schedule.total && this.#dueMs(this.#due) <= nowMs + EARLY_MS) this.#takeUp(this.#due++, nowMs)
    this.#send()
    this.#waited += Math.max(0, this.#due - Math.max(before, this.#next))
    if (this.#due < schedule.total) this.#timer = setTimeout(() => this.#tick(), this.#dueMs(this.#due) - EARLY_MS - performance.now())
  }

  #takeUp (request: number, nowMs: number): void {
    const latenessMs = Math.max(0, nowMs - this.#dueMs(request))
    this.#lateness.record(latenessMs)
    if (latenessMs > LATE_MS) this.#lateSends++
    this.#total.due++
    this.#stepOf(request).due++
  }

  /** As much of what waits as there are connections for. */
  #send (): void {
    const nowMs = performance.now()
    while (this.#next < this.#due && !this.#isOver) {
      const dueMs = this.#dueMs(this.#next)
      if (nowMs - dueMs >= this.#plan.timeoutMs) {
        this.#note(this.#next++, 'missed', nowMs - dueMs)
        continue
      }
      const connection = this.#connections.take()
      if (connection === null) return
      this.#total.sent++
      this.#stepOf(this.#next).sent++
      this.#inFlight++
      // A request that went a little early did not wait for that.
      connection.send(this.#plan.text, this.#next++, Math.min(dueMs, nowMs))
    }
    this.#endIfDone()
  }

  #conclude ({ request, startedMs }: Connection, outcome: Outcome): void {
    this.#inFlight--
    this.#note(request, outcome, performance.now() - startedMs)
    this.#send()
  }

  #note (request: number, outcome: Outcome, ms: number): void {
    this.#total.add(outcome, ms)
    this.#stepOf(request).add(outcome, ms)
    if (isOfLatency(outcome)) this.#lastSecond.record(ms)
  }

  #stepOf (request: number): Tally { return this.#steps[this.#plan.schedule.stepOf(request)]! }

  /** Gives up what has waited too long, on a connection or for one. */
  #sweep (): void {
    for (const connection of this.#connections.busySinceBefore(performance.now() - this.#plan.timeoutMs)) {
      connection.giveUp()
      this.#conclude(connection, 'timeout')
    }
    this.#connections.closeIdle()
    this.#send()
  }

  #endIfDone (): void {
    if (this.#inFlight === 0 && this.#next === this.#plan.schedule.total) this.#end()
  }

  #live (): LoadLive {
    return {
      atSeconds: Math.round(this.#elapsedMs) / 1000,
      inFlight: this.#inFlight,
      waiting: this.#due - this.#next,
      lastSecond: this.#lastSecond.report(this.#total, this.#elapsedMs),
      total: this.#total.figures()
    }
  }

  #measured (): Measured {
    return {
      seconds: Math.round(this.#elapsedMs) / 1000,
      total: this.#total.figures(),
      steps: this.#plan.schedule.steps.map(({ ratePerSecond }, i) => ({ ratePerSecond, ...this.#steps[i]!.figures() })),
      own: { lateSends: this.#lateSends, lateness: this.#lateness.figures(), waitedForConnection: this.#waited }
    }
  }
}
