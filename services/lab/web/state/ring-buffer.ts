/** Four minutes of samples. All columns grow at the same time, so not often. */
const FIRST_CAPACITY = 1024

/**
 * The newest values of a series. Its memory stays as large as it is while as many values are dropped as come, whatever
 * was measured: an array would keep each fraction as an object of its own. Pure.
 */
export class RingBuffer {
  /** `null` is kept as NaN, which no kernel reports. */
  #values = new Float64Array(FIRST_CAPACITY)
  #start = 0
  #length = 0

  static of (values: Array<number | null>): RingBuffer {
    const buffer = new RingBuffer()
    for (const value of values) buffer.push(value)
    return buffer
  }

  get length (): number { return this.#length }

  push (value: number | null): void {
    if (this.#length === this.#values.length) this.#grow()
    this.#values[this.#place(this.#length++)] = value ?? NaN
  }

  /** A negative index counts from the end, as in arrays; where there is nothing, there is `null`. */
  at (index: number): number | null {
    const i = index < 0 ? this.#length + index : index
    if (i < 0 || i >= this.#length) return null
    const value = this.#values[this.#place(i)]!
    return Number.isNaN(value) ? null : value
  }

  slice (from = 0, to = this.#length): Array<number | null> {
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => this.at(from + i))
  }

  hasNumber (): boolean {
    for (let i = 0; i < this.#length; i++) if (this.at(i) !== null) return true
    return false
  }

  /** Forgets the oldest. */
  drop (count: number): void {
    this.#start = this.#place(count)
    this.#length -= count
  }

  /** The capacity is a power of two, so that a place is found without a division. */
  #place (index: number): number { return (this.#start + index) & (this.#values.length - 1) }

  #grow (): void {
    const larger = new Float64Array(this.#values.length * 2)
    larger.set(this.#values.subarray(this.#start))
    larger.set(this.#values.subarray(0, this.#start), this.#values.length - this.#start)
    this.#values = larger
    this.#start = 0
  }
}
