import type { Log } from '#shared/process/log.ts'

/** One moment on two clocks. */
export interface Moment {
  /** Since the epoch, for people. */
  atMs: number
  /** From a clock that is never set; everything is computed with it. */
  monotonicMs: number
}

/** The clocks and the timer that a schedule needs. A test has its own. */
export interface Time {
  /** Milliseconds on the clock that is never set. */
  nowMs: () => number
  moment: () => Moment
  after: (ms: number, run: () => void) => { cancel: () => void }
}

export const realTime: Time = {
  nowMs: () => performance.now(),
  moment: () => ({ atMs: Date.now(), monotonicMs: performance.now() }),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return { cancel: () => clearTimeout(timer) }
  }
}

/** Seconds since this lab started, on the clock that is never set. They say how far apart two things happened. */
export function uptimeSeconds (monotonicMs = performance.now()): number {
  return Math.round(monotonicMs) / 1000
}

/**
 * Acts `hz` times a second, at moments that are fixed when it starts, so lateness does not add up. A moment that passed
 * while the process was busy or stopped is counted as missed and is not made up for.
 */
export class Ticker {
  readonly hz: number
  doneTotal = 0
  missedTotal = 0
  /** How late the last act began. */
  driftMs = 0
  /** CPU time of all acts together. */
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

  /** The next act may go well, so the ticker goes on. A fault that repeats itself is logged once. */
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
