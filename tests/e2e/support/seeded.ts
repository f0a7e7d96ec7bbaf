/** Random numbers that can be repeated with the same seed. Tests print the seed, so that a failure can be repeated. */
export class Seeded {
  #state: number

  constructor (seed: number) {
    this.#state = seed
  }

  /** 0 ≤ x < 1. "mulberry32", by Tommy Ettinger, in the public domain. */
  next (): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number, both ends included. */
  whole (min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  pick<T> (choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)]!
  }

  bytes (length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.whole(0, 255)))
  }
}

/** From SEED in the environment, or a new one. */
export function seed (): number {
  const given = Number(process.env.SEED)
  return Number.isInteger(given) && given > 0 ? given : Math.floor(Math.random() * 2 ** 31)
}
