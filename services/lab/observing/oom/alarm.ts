import type { Time } from '#lab/clock.ts'

/**
 * Between two looks. Files of cgroup v2 may change a hundred times a second where page cache is at its limit, and each
 * change is a ring.
 */
const PAUSE_MS = 40

interface Deps {
  /** Looks whether there is a kill. */
  look: () => void
  time: Time
}

/** Between two samples, has somebody look for kills when something says that there may be one. */
export class Alarm {
  readonly #deps: Deps
  #lookedMs = -Infinity
  #waiting: { cancel: () => void } | null = null

  constructor (deps: Deps) {
    this.#deps = deps
  }

  /** Looks at once, or, soon after another look, when the pause is over. */
  ring (): void {
    if (this.#waiting !== null) return
    const { time } = this.#deps
    const pauseMs = this.#lookedMs + PAUSE_MS - time.nowMs()
    if (pauseMs <= 0) this.#look()
    else this.#waiting = time.after(pauseMs, () => this.#look())
  }

  stop (): void {
    this.#waiting?.cancel()
    this.#waiting = null
  }

  #look (): void {
    this.#waiting = null
    this.#lookedMs = this.#deps.time.nowMs()
    this.#deps.look()
  }
}
