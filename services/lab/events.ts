import type { LabEvent } from '#lab/wire/live.ts'

export type NewEvent = Omit<LabEvent, 'id' | 'at'>

/** The last things that happened, and whoever wants to hear of the next. */
export class EventLog {
  readonly #kept: LabEvent[] = []
  readonly #max: number
  readonly #nowMs: () => number
  readonly #listeners: Array<(event: LabEvent) => void> = []
  #nextId: number

  constructor (nowMs: () => number = Date.now, max = 200) {
    this.#nowMs = nowMs
    this.#max = max
    // Other ids than those of the lab's lives before this one, so that a browser's Last-Event-ID is not taken for one
    // of these.
    this.#nextId = nowMs()
  }

  add (event: NewEvent): void {
    const complete = { id: this.#nextId++, at: new Date(this.#nowMs()).toISOString(), ...event }
    this.#kept.push(complete)
    if (this.#kept.length > this.#max) this.#kept.shift()
    for (const listener of this.#listeners) listener(complete)
  }

  /** Oldest first. */
  after (id: number): LabEvent[] {
    return this.#kept.filter(event => event.id > id)
  }

  all (): LabEvent[] {
    return [...this.#kept]
  }

  onAdd (listener: (event: LabEvent) => void): void {
    this.#listeners.push(listener)
  }
}
