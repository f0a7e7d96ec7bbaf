const FIRST_MS = 100
const LONGEST_MS = 60_000
/** One that ran for so long has recovered: the next pause is the first one again. */
const RECOVERED_MS = 10_000

/** How long to wait before a service that ended is started again: as the engine does for `restart: unless-stopped`. */
export class Restarts {
  #pauseMs = FIRST_MS

  /** @param ranMs how long it ran this time */
  nextPauseMs (ranMs: number): number {
    if (ranMs >= RECOVERED_MS) this.#pauseMs = FIRST_MS
    const pauseMs = this.#pauseMs
    this.#pauseMs = Math.min(LONGEST_MS, pauseMs * 2)
    return pauseMs
  }
}
