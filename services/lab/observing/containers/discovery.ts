import type { Container } from '#cgroup/containers.ts'
import type { Who } from './look-up.ts'

export interface Found extends Container, Who {
  /** It came while the lab looked on: its counters started from 0 under our eyes. */
  isNew: boolean
}

interface Deps {
  /** `null`: not one of ours. Rejects where nobody can say. */
  who: (id: string) => Promise<Who | null>
  isKnown: (id: string) => boolean
  /** `false`: there is no room for it. */
  adopt: (found: Found) => boolean
  nowMs: () => number
}

interface Bounds { inquiries: number, strangers: number }

interface Inquiry {
  container: Container
  isNew: boolean
  attempts: number
  dueAtMs: number
  isAsking: boolean
}

/**
 * A container is in the tree before it is in DNS, so one "no" is not believed. Milliseconds until the next attempt.
 * Each is a little less than a whole number of looks, or an answer that took a moment would put the attempt off by one
 * look more.
 */
const pausesMs = [200, 200, 200, 200, 450, 950, 1950]
const OUTAGE_PAUSE_MS = 1000

/**
 * Finds out which directories of the tree are containers of the stack. An id that belongs to nobody we know is a
 * stranger: remembered, and not asked about again until its directory goes.
 */
export class Discovery {
  readonly #deps: Deps
  readonly #bounds: Bounds
  readonly #strangers = new Set<string>()
  readonly #inquiries = new Map<string, Inquiry>()
  #isFirstLook = true
  #asking = 0

  constructor (deps: Deps, bounds: Bounds = { inquiries: 8, strangers: 4096 }) {
    this.#deps = deps
    this.#bounds = bounds
  }

  get strangers (): number { return this.#strangers.size }

  /** Takes what is in the tree now. Never waits: what DNS says comes later, through `adopt`. */
  see (containers: Container[]): void {
    this.#forgetAllBut(new Set(containers.map(({ id }) => id)))
    for (const container of containers) this.#note(container)
    this.#askDue()
    this.#isFirstLook = false
  }

  #forgetAllBut (present: Set<string>): void {
    for (const id of this.#strangers) if (!present.has(id)) this.#strangers.delete(id)
    for (const id of this.#inquiries.keys()) if (!present.has(id)) this.#inquiries.delete(id)
  }

  #note (container: Container): void {
    const { id } = container
    if (this.#strangers.has(id) || this.#inquiries.has(id) || this.#deps.isKnown(id)) return
    // More than this is not asked about until others are answered or go; the look after that finds it again.
    if (this.#inquiries.size + this.#strangers.size >= this.#bounds.strangers) return
    this.#inquiries.set(id, { container, isNew: !this.#isFirstLook, attempts: 0, dueAtMs: 0, isAsking: false })
  }

  /** Newcomers first: on a host with many strangers they would wait until all of those have been asked about again. */
  #askDue (): void {
    const nowMs = this.#deps.nowMs()
    const due = [...this.#inquiries.values()].filter(({ isAsking, dueAtMs }) => !isAsking && dueAtMs <= nowMs)
    due.sort((one, other) => one.attempts - other.attempts)
    for (const inquiry of due.slice(0, this.#bounds.inquiries - this.#asking)) this.#ask(inquiry)
  }

  #ask (inquiry: Inquiry): void {
    inquiry.isAsking = true
    this.#asking++
    this.#deps.who(inquiry.container.id)
      .then(who => this.#answer(inquiry, who), () => this.#postpone(inquiry, OUTAGE_PAUSE_MS))
      .finally(() => {
        inquiry.isAsking = false
        this.#asking--
        this.#askDue()
      })
  }

  #answer (inquiry: Inquiry, who: Who | null): void {
    const { container, isNew } = inquiry
    // It went while we asked.
    if (this.#inquiries.get(container.id) !== inquiry) return
    const pauseMs = pausesMs[inquiry.attempts++]
    if (who === null && pauseMs !== undefined) { this.#postpone(inquiry, pauseMs); return }
    this.#inquiries.delete(container.id)
    const isOurs = who !== null && this.#deps.adopt({ ...container, ...who, isNew })
    if (!isOurs) this.#strangers.add(container.id)
  }

  #postpone (inquiry: Inquiry, ms: number): void {
    inquiry.dueAtMs = this.#deps.nowMs() + ms
  }
}
