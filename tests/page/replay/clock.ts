/** The clocks of a replayed lab: one that is never set, and the host's, which a test may set. */
export class ReplayClock {
  readonly #beganMs: number
  #setByMs = 0

  /** `pastSeconds`: how long the lab has been up already. */
  constructor (pastSeconds: number) {
    this.#beganMs = performance.now() - pastSeconds * 1000
  }

  get uptimeSeconds (): number { return Math.round(performance.now() - this.#beganMs) / 1000 }

  get wallMs (): number { return Date.now() + this.#setByMs }

  /** Sets the host's clock forward, or back. */
  set (seconds: number): void { this.#setByMs += seconds * 1000 }
}

/** One moment by both clocks. */
export interface ReplayMoment { atMs: number, uptimeSeconds: number }
