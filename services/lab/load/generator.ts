import type { LoadLive } from '#lab/wire/load.ts'
import type { Address, Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { REPORTS_PER_SECOND } from './last-second.ts'
import { Measurement, type Measured } from './measurement.ts'
import type { Schedule } from './schedule.ts'
import type { RequestOutcome } from './tally.ts'

/**
 * Timers of the event loop have whole milliseconds. At most half a millisecond early is nearer to the schedule than at
 * most one late.
 */
const EARLY_MS = 0.5
const SWEEPS_PER_SECOND = 20

export interface Plan {
  schedule: Schedule
  /** The bytes of a request. */
  text: Buffer
  connections: number
  timeoutMs: number
  address: () => Address
}

/**
 * Sends every request when it is due, whatever became of those before it, and measures from that moment. Requests are
 * numbered: those below `#next` were sent, those from there to `#due` wait for a connection, the others are not due
 * yet. So waiting costs no memory. It ends with the timeout: a request that could not be sent by then is never sent,
 * and is counted.
 */
export class Generator {
  readonly #plan: Plan
  readonly #connections: Connections
  readonly #measurement: Measurement
  #startedMs = 0
  #due = 0
  #next = 0
  #inFlight = 0
  #isOver = false
  #timer: NodeJS.Timeout | undefined
  #resolve = (): void => {}

  constructor (plan: Plan) {
    this.#plan = plan
    this.#measurement = new Measurement(plan.schedule)
    this.#connections = new Connections(plan.connections, plan.address, {
      connected: tookMs => this.#measurement.connected(tookMs),
      answered: (connection, status) => this.#conclude(connection, status),
      closed: connection => {
        if (connection.isBusy) this.#conclude(connection, 'connection_error')
        else this.#send()
      }
    })
  }

  /** Resolves when every request has an outcome, or after `cancel`. */
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
    return this.#measurement.whole(performance.now() - this.#startedMs)
  }

  /** Sends nothing more and waits for nothing. Requests without an outcome do not get one. */
  cancel (): void { this.#end() }

  #dueMs (request: number): number { return this.#startedMs + this.#plan.schedule.dueMs(request) }

  /** Takes up the requests that have become due since the last time, and sends them. */
  #tick (): void {
    const { total } = this.#plan.schedule
    const nowMs = performance.now()
    const before = this.#due
    for (; this.#due < total && this.#dueMs(this.#due) <= nowMs + EARLY_MS; this.#due++) {
      this.#measurement.due(this.#due, Math.max(0, nowMs - this.#dueMs(this.#due)))
    }
    this.#send()
    this.#measurement.foundNoConnection(Math.max(0, this.#due - Math.max(before, this.#next)))
    if (this.#due < total) this.#timer = setTimeout(() => this.#tick(), this.#untilDueMs())
  }

  /** How long until the next request is due. */
  #untilDueMs (): number { return Math.max(0, this.#dueMs(this.#due) - EARLY_MS - performance.now()) }

  /** Sends waiting requests while there are connections. */
  #send (): void {
    const nowMs = performance.now()
    while (this.#next < this.#due && !this.#isOver) {
      const dueMs = this.#dueMs(this.#next)
      if (nowMs - dueMs >= this.#plan.timeoutMs) {
        this.#measurement.ended(this.#next++, 'missed', nowMs - dueMs)
        continue
      }
      const connection = this.#connections.take()
      if (connection === null) return
      this.#inFlight++
      // A request that is sent a little early has not waited.
      const startedMs = Math.min(dueMs, nowMs)
      const turn = this.#measurement.sent(this.#next, nowMs, nowMs - startedMs)
      connection.send(this.#plan.text, { request: this.#next++, startedMs, turn })
    }
    if (this.#inFlight === 0 && this.#next === this.#plan.schedule.total) this.#end()
  }

  #conclude ({ sending, isFirst }: Connection, outcome: RequestOutcome): void {
    const { request, startedMs, turn } = sending!
    const nowMs = performance.now()
    this.#inFlight--
    this.#measurement.ended(request, outcome, nowMs - startedMs)
    this.#measurement.leftConnection(turn, isFirst, outcome, nowMs)
    this.#send()
  }

  /** Gives up requests that have waited too long, on a connection or for one. */
  #sweep (): void {
    for (const connection of this.#connections.busySinceBefore(performance.now() - this.#plan.timeoutMs)) {
      connection.giveUp()
      this.#conclude(connection, 'timeout')
    }
    this.#connections.closeIdle()
    this.#send()
  }

  #live (): LoadLive {
    const live = this.#measurement.live(performance.now() - this.#startedMs)
    return { ...live, inFlight: this.#inFlight, waiting: this.#due - this.#next }
  }

  #end (): void {
    this.#isOver = true
    this.#resolve()
  }
}
