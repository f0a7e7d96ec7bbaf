/**
 * Does a task in a frame of the browser, and further ones only while the frame has time left: what many tasks change is
 * laid out and painted once, and yet no frame has to hold all that one sample changes. A task that is asked for again
 * before its turn keeps its place, and does what was asked last.
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
  constructor (nextFrame: (run: () => void) => void, budgetMs = 0) {
    this.#nextFrame = nextFrame
    this.#budgetMs = budgetMs
  }

  ask (key: Key, task: () => void): void {
    this.#waiting.set(key, task)
    this.#askFrame()
  }

  /** Begins at once: this frame is being made already. */
  begin (tasks: Iterable<[Key, () => void]>): void {
    for (const [key, task] of tasks) this.#waiting.set(key, task)
    if (!this.#isAsked && this.#waiting.size > 0) this.#run()
  }

  #askFrame (): void {
    if (this.#isAsked || this.#waiting.size === 0) return
    this.#isAsked = true
    this.#nextFrame(() => { this.#run() })
  }

  #run (): void {
    this.#isAsked = false
    const endMs = performance.now() + this.#budgetMs
    try {
      do this.#takeFirst()()
      while (this.#waiting.size > 0 && performance.now() < endMs)
    } finally {
      // If a task fails, the others still have their turns.
      this.#askFrame()
    }
  }

  #takeFirst (): () => void {
    const [key, task] = [...this.#waiting][0]!
    this.#waiting.delete(key)
    return task
  }
}
