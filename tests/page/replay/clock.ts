/** The clocks of a replayed lab: one that is never set, and the host's, which a test may set. */
export class ReplayClock {
  readonly #startedMs = performance.now()
  readonly #startedWallMs = Date.now()
  readonly #pastMs: number
  readonly #speed: number
  #setByMs = 0

  /** `pastSeconds`: how long the lab has been up already. `speed`: how many seconds of it pass in one of ours. */
  constructor (pastSeconds: number, speed: number) {
    this.#pastMs = pastSeconds * 1000
    this.#speed = speed
  }

  get uptimeSeconds (): number { return Math.round(this.#pastMs + this.#passedMs) / 1000 }

  get wallMs (): number { return this.#startedWallMs + this.#passedMs + this.#setByMs }

  /** Sets the host's clock forward, or back. */
  set (seconds: number): void { this.#setByMs += seconds * 1000 }

  get #passedMs (): number { return (performance.now() - this.#startedMs) * this.#speed }
}

/** One moment by both clocks. */
export interface ReplayMoment { atMs: number, uptimeSeconds: number }
