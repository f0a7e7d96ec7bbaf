import type { Container } from '#cgroup/containers.ts'
import type { ContainerIdentity } from './look-up.ts'

export interface Found extends Container, ContainerIdentity {
  /** It appeared while the lab was watching, so its counters started from 0 in that time. */
  isNew: boolean
}

interface Deps {
  /** `null`: the container is not one of ours. Rejects where that cannot be found out. */
  identify: (id: string) => Promise<ContainerIdentity | null>
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
 * Milliseconds until the next attempt. A container is in the tree before it is in DNS, so a single "no" proves nothing.
 * Each pause is slightly under a whole number of scans, so that a slow answer does not delay the retry by another scan.
 */
const pausesMs = [200, 200, 200, 200, 450, 950, 1950]
const OUTAGE_PAUSE_MS = 1000

/**
 * Finds out which directories of the tree are containers of the stack. A container of none of our services is a
 * stranger: its id is remembered, and not asked about again until its directory goes.
 */
export class Discovery {
  readonly #deps: Deps
  readonly #bounds: Bounds
  readonly #strangers = new Set<string>()
  readonly #inquiries = new Map<string, Inquiry>()
  #isFirstScan = true
  #asking = 0

  /** A stranger's inquiry waits for the server behind the engine's DNS, and must not make ours wait for a turn. */
  constructor (deps: Deps, bounds: Bounds = { inquiries: 32, strangers: 4096 }) {
    this.#deps = deps
    this.#bounds = bounds
  }

  get strangers (): number { return this.#strangers.size }

  /** Takes the containers that are in the tree now. Never waits: what DNS answers comes later, through `adopt`. */
  see (containers: Container[]): void {
    this.#forgetAllBut(new Set(containers.map(({ id }) => id)))
    for (const container of containers) this.#note(container)
    this.#askDue()
    this.#isFirstScan = false
  }

  #forgetAllBut (present: Set<string>): void {
    for (const id of this.#strangers) if (!present.has(id)) this.#strangers.delete(id)
    for (const id of this.#inquiries.keys()) if (!present.has(id)) this.#inquiries.delete(id)
  }

  #note (container: Container): void {
    const { id } = container
    if (this.#strangers.has(id) || this.#inquiries.has(id) || this.#deps.isKnown(id)) return
    // Beyond this limit nothing is asked until others are answered or go; the scan after that finds this one again.
    if (this.#inquiries.size + this.#strangers.size >= this.#bounds.strangers) return
    this.#inquiries.set(id, { container, isNew: !this.#isFirstScan, attempts: 0, dueAtMs: 0, isAsking: false })
  }

  /** New ones first: on a host with many strangers they would otherwise wait for all of those to be retried. */
  #askDue (): void {
    const nowMs = this.#deps.nowMs()
    const due = [...this.#inquiries.values()].filter(({ isAsking, dueAtMs }) => !isAsking && dueAtMs <= nowMs)
    due.sort((one, other) => one.attempts - other.attempts)
    for (const inquiry of due.slice(0, this.#bounds.inquiries - this.#asking)) this.#ask(inquiry)
  }

  #ask (inquiry: Inquiry): void {
    inquiry.isAsking = true
    this.#asking++
    this.#deps.identify(inquiry.container.id)
      .then(identity => this.#answer(inquiry, identity), () => this.#postpone(inquiry, OUTAGE_PAUSE_MS))
      .finally(() => {
        inquiry.isAsking = false
        this.#asking--
        this.#askDue()
      })
  }

  #answer (inquiry: Inquiry, identity: ContainerIdentity | null): void {
    const { container, isNew } = inquiry
    // Its directory went while we asked.
    if (this.#inquiries.get(container.id) !== inquiry) return
    const pauseMs = pausesMs[inquiry.attempts++]
    if (identity === null && pauseMs !== undefined) {
      this.#postpone(inquiry, pauseMs)
      return
    }
    this.#inquiries.delete(container.id)
    const isOurs = identity !== null && this.#deps.adopt({ ...container, ...identity, isNew })
    if (!isOurs) this.#strangers.add(container.id)
  }

  #postpone (inquiry: Inquiry, ms: number): void {
    inquiry.dueAtMs = this.#deps.nowMs() + ms
  }
}
