import type { LabEvent } from '#lab/wire/live.ts'

export type NewEvent = Omit<LabEvent, 'id' | 'at'>

/** Keeps the last events, and passes each new one to its listeners. */
export class EventLog {
  readonly #kept: LabEvent[] = []
  readonly #max: number
  readonly #nowMs: () => number
  readonly #listeners: Array<(event: LabEvent) => void> = []
  #nextId: number

  constructor (nowMs: () => number = Date.now, max = 200) {
    this.#nowMs = nowMs
    this.#max = max
    // Ids differ from those of the lab's earlier lives, so that an old Last-Event-ID of a browser is not taken for one
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
