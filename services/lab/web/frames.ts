/**
 * Does at most one task in each frame of the browser, so that no frame has to hold all that one sample changes. A task
 * that is asked for again before its turn keeps its place, and does what was asked last.
 */
export class Frames<Key> {
  readonly #waiting = new Map<Key, () => void>()
  readonly #nextFrame: (run: () => void) => void
  #isAsked = false

  /** `nextFrame`: `requestAnimationFrame`, and in a test one of its own. */
  constructor (nextFrame: (run: () => void) => void) {
    this.#nextFrame = nextFrame
  }

  ask (key: Key, task: () => void): void {
    this.#waiting.set(key, task)
    this.#askFrame()
  }

  #askFrame (): void {
    if (this.#isAsked || this.#waiting.size === 0) return
    this.#isAsked = true
    this.#nextFrame(() => {
      this.#isAsked = false
      const [key, task] = [...this.#waiting][0]!
      this.#waiting.delete(key)
      // If the task fails, the others still have their turns.
      this.#askFrame()
      task()
    })
  }
}
