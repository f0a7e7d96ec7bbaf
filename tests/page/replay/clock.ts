/** The clocks of a lab that is not there: one that is never set, and one that a test sets. */
export class ReplayClock {
  readonly #beganMs: number
  #setByMs = 0

  /** It has been up for so long already. */
  constructor (pastSeconds: number) {
    this.#beganMs = performance.now() - pastSeconds * 1000
  }

  get uptimeSeconds (): number { return Math.round(performance.now() - this.#beganMs) / 1000 }

  get wallMs (): number { return Date.now() + this.#setByMs }

  /** Forward, or back. */
  set (seconds: number): void { this.#setByMs += seconds * 1000 }
}

/** What both say of one moment. */
export interface ReplayMoment { atMs: number, uptimeSeconds: number }
