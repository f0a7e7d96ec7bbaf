import type { LabEvent } from '#lab/wire/live.ts'

export type NewEvent = Omit<LabEvent, 'id' | 'at'>

/** Keeps the last events, and passes each one to its listeners when it is new and when more is known of it. */
export class EventLog {
  readonly #kept: LabEvent[] = []
  readonly #max: number
  readonly #nowMs: () => number
  readonly #onAdd: Array<(event: LabEvent) => void> = []
  readonly #onUpdate: Array<(event: LabEvent) => void> = []
  #nextId: number

  constructor (nowMs: () => number = Date.now, max = 200) {
    this.#nowMs = nowMs
    this.#max = max
    // Ids differ from those of the lab's earlier lives, so that an old Last-Event-ID of a browser is not taken for one
    // of these.
    this.#nextId = nowMs()
  }

  add (event: NewEvent): LabEvent {
    const complete = { id: this.#nextId++, at: new Date(this.#nowMs()).toISOString(), ...event }
    this.#kept.push(complete)
    if (this.#kept.length > this.#max) this.#kept.shift()
    for (const listener of this.#onAdd) listener(complete)
    return complete
  }

  /** The event keeps its id, its time and its place. */
  update (event: LabEvent, known: Pick<LabEvent, 'text' | 'oom'>): void {
    const updated = { ...event, ...known }
    const at = this.#kept.findIndex(({ id }) => id === event.id)
    if (at !== -1) this.#kept[at] = updated
    for (const listener of this.#onUpdate) listener(updated)
  }

  /** Oldest first. */
  after (id: number): LabEvent[] {
    return this.#kept.filter(event => event.id > id)
  }

  all (): LabEvent[] {
    return [...this.#kept]
  }

  onAdd (listener: (event: LabEvent) => void): void {
    this.#onAdd.push(listener)
  }

  onUpdate (listener: (event: LabEvent) => void): void {
    this.#onUpdate.push(listener)
  }
}
