/**
 * Does a task in a frame of the browser, and further ones only while the frame has time left: what many tasks change is
 * laid out and painted once, and yet no frame has to hold all that one sample changes. A task that comes again before
 * its turn keeps its place, and does what was asked last.
 */
export class Frames<Key> {
  readonly #waiting = new Map<Key, () => void>()
  readonly #nextFrame: (run: () => void) => void
  readonly #budgetMs: number
  #isAsked = false

  /**
   * `nextFrame`: `requestAnimationFrame`, and in a test one of its own. `budgetMs`: how long the tasks of one frame may
   * have taken when another one begins; with 0 each has a frame of its own.
   */
  constructor (nextFrame: (run: () => void) => void, budgetMs: number) {
    this.#nextFrame = nextFrame
    this.#budgetMs = budgetMs
  }

  /**
   * Begins at once, in the frame that is being made. Tasks for which it has no time are the first at the next call, so
   * that calls in a steady pace cost no more than one frame each; with `isAll` they have the next frames.
   */
  begin (tasks: Iterable<readonly [Key, () => void]>, isAll: boolean): void {
    for (const [key, task] of tasks) this.#waiting.set(key, task)
    this.#work(isAll)
  }

  #askFrame (): void {
    if (this.#isAsked || this.#waiting.size === 0) return
    this.#isAsked = true
    this.#nextFrame(() => {
      this.#isAsked = false
      this.#work(true)
    })
  }

  #work (isAll: boolean): void {
    const endMs = performance.now() + this.#budgetMs
    try {
      for (const [key, task] of this.#waiting) {
        this.#waiting.delete(key)
        task()
        if (performance.now() >= endMs) break
      }
    } finally {
      // If a task fails, the others still have their turns.
      if (isAll) this.#askFrame()
    }
  }
}
