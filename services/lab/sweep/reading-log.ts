import { monotonicUs } from '#cgroup/derived.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'

/** The readings of one service's container since the beginning of a trial. */
export class ReadingLog {
  readonly #service: string
  #readings: Reading[] = []

  constructor (service: string) { this.#service = service }

  /** After each sample. */
  record (containers: Iterable<WatchedContainer>): void {
    for (const { found, isAway, last } of containers) {
      if (found.service === this.#service && !isAway && last !== null && last !== this.newest) this.#readings.push(last)
    }
  }

  /** Forgets all but the newest, from which the rises of a new trial count. */
  begin (): void { this.#readings = this.#readings.slice(-1) }

  get all (): Reading[] { return this.#readings }
  get newest (): Reading | undefined { return this.#readings.at(-1) }

  /** On the clock of the readings. */
  nowUs (): number { return monotonicUs() }
}
