import type { Log } from '#shared/process/log.ts'

/** The clock and the timer that a schedule needs; a test has its own. */
export interface Time {
  /** Milliseconds of a clock that is never set. */
  nowMs: () => number
  after: (ms: number, run: () => void) => { cancel: () => void }
}

export const realTime: Time = {
  nowMs: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return { cancel: () => clearTimeout(timer) }
  }
}

/**
 * Something done `hz` times a second, at moments fixed when it starts: lateness does not add up. A moment that passed
 * while the process was busy or stopped is missed and counted, not made up for.
 */
export class Ticker {
  readonly hz: number
  doneTotal = 0
  missedTotal = 0
  /** How late the last one began. */
  driftMs = 0
  /** CPU time of all of them together. */
  cpuSecondsTotal = 0
  readonly #what: string
  readonly #act: () => void
  readonly #time: Time
  readonly #log: Log
  readonly #periodMs: number
  #nextAtMs = 0
  #timer: { cancel: () => void } | null = null
  #isFailing = false

  constructor (what: string, hz: number, act: () => void, log: Log, time: Time = realTime) {
    this.#what = what
    this.hz = hz
    this.#act = act
    this.#log = log
    this.#time = time
    this.#periodMs = 1000 / hz
  }

  start (): void {
    this.#nextAtMs = this.#time.nowMs()
    this.#run()
  }

  stop (): void {
    this.#timer?.cancel()
    this.#timer = null
  }

  #run (): void {
    const lateMs = Math.max(0, this.#time.nowMs() - this.#nextAtMs)
    const missed = Math.floor(lateMs / this.#periodMs)
    this.missedTotal += missed
    this.driftMs = lateMs - missed * this.#periodMs
    this.#nextAtMs += (missed + 1) * this.#periodMs
    const before = process.cpuUsage()
    this.#actSafely()
    const { user, system } = process.cpuUsage(before)
    this.cpuSecondsTotal += (user + system) / 1e6
    this.doneTotal++
    this.#timer = this.#time.after(Math.max(0, this.#nextAtMs - this.#time.nowMs()), () => this.#run())
  }

  /** The next one may go well; the same fault four times a second is told once. */
  #actSafely (): void {
    try {
      this.#act()
      this.#isFailing = false
    } catch (err) {
      if (!this.#isFailing) this.#log.error({ err }, `${this.#what} failed`)
      this.#isFailing = true
    }
  }
}
