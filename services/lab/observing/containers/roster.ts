import type { Cgroup } from '#cgroup/cgroup.ts'
import type { Moment } from '#lab/clock.ts'
import type { Found } from './discovery.ts'
import { WatchedContainer } from './watched.ts'

interface Deps {
  open: (path: string) => Cgroup
  /** What else is kept of a container for as long as it is watched. */
  history: { add: (id: string) => void, forget: (id: string) => void }
}

interface Bounds { containers: number, keepMs: number }

/** A departed replica is shown for this long while other replicas of its service still run (`--scale`). */
const DEPARTED_SHOWN_MS = 30_000
/** How many departed, no longer shown containers are kept, so that churn cannot grow memory. */
const UNSHOWN_KEPT = 32

/** The containers that are watched: those that run, and those that ended within the time that is kept. */
export class Roster {
  readonly #deps: Deps
  readonly #bounds: Bounds
  readonly #watched = new Map<string, WatchedContainer>()

  constructor (deps: Deps, bounds: Bounds) {
    this.#deps = deps
    this.#bounds = bounds
  }

  get all (): Iterable<WatchedContainer> { return this.#watched.values() }
  get size (): number { return this.#watched.size }
  get presentCount (): number { return this.#present().length }

  /** Learned from the names; empty while no container is present. */
  get project (): string {
    return this.#present()[0]?.found.project ?? ''
  }

  /** Of all that are watched, in the order of their names. */
  get services (): string[] {
    return [...new Set([...this.all].map(({ found }) => found.service))].toSorted()
  }

  has (id: string): boolean {
    return this.#watched.has(id)
  }

  /** Whether a container of the service is present, and not known to be empty. */
  isPresent (service: string): boolean {
    return this.#present().some(({ found, last }) => found.service === service && last?.populated !== false)
  }

  /** `null`: there is no room, and no departed container that could be forgotten to make some. */
  add (found: Found, now: Moment): WatchedContainer | null {
    // Taken before room is made: the container that is forgotten for it may be the one that is replaced.
    const tally = this.#named(found.name)?.tally
    if (this.#watched.size >= this.#bounds.containers && !this.#forgetLongestDeparted()) return null
    const watched = new WatchedContainer(found, this.#deps.open(found.path), now, tally)
    this.#watched.set(found.id, watched)
    this.#deps.history.add(found.id)
    return watched
  }

  hasName (name: string): boolean {
    return this.#named(name) !== undefined
  }

  /** A newer container has, or had, its name: it was recreated, not restarted. */
  isReplaced (watched: WatchedContainer): boolean {
    return watched.isAway && this.#named(watched.found.name) !== watched
  }

  forgetOld (now: Moment): void {
    const { keepMs } = this.#bounds
    for (const watched of this.#departed()) if (now.monotonicMs - watched.endedMs! > keepMs) this.#forget(watched)
    const departed = this.#departed()
    if (departed.length <= UNSHOWN_KEPT) return
    const isShown = this.#shownAt(now)
    const unshown = departed.filter(watched => !isShown(watched))
    for (const watched of unshown.slice(0, -UNSHOWN_KEPT)) this.#forget(watched)
  }

  /** In the order of `services`, then of the names of others, then of their numbers. */
  shown (services: string[], now: Moment): WatchedContainer[] {
    return [...this.#watched.values()]
      .filter(this.#shownAt(now))
      .sort(({ found: a }, { found: b }) =>
        services.indexOf(a.service) - services.indexOf(b.service) || compareText(a.service, b.service) ||
        (a.number ?? 0) - (b.number ?? 0) || compareText(a.name, b.name))
  }

  close (): void {
    for (const watched of this.#watched.values()) watched.close()
  }

  /** Hides replaced containers, and replicas whose siblings still run. */
  #shownAt (now: Moment): (watched: WatchedContainer) => boolean {
    const servicesStillPresent = new Set(this.#present().map(({ found }) => found.service))
    return watched => {
      if (watched.endedMs === null) return true
      if (this.isReplaced(watched)) return false
      return !servicesStillPresent.has(watched.found.service) || now.monotonicMs - watched.endedMs < DEPARTED_SHOWN_MS
    }
  }

  /** The newest of this name. */
  #named (name: string): WatchedContainer | undefined {
    return [...this.#watched.values()].findLast(({ found }) => found.name === name)
  }

  #present (): WatchedContainer[] {
    return [...this.#watched.values()].filter(({ isAway }) => !isAway)
  }

  /** The longest departed first. */
  #departed (): WatchedContainer[] {
    return [...this.#watched.values()].filter(({ isAway }) => isAway).sort((a, b) => a.endedMs! - b.endedMs!)
  }

  #forgetLongestDeparted (): boolean {
    const [longest] = this.#departed()
    if (longest === undefined) return false
    this.#forget(longest)
    return true
  }

  #forget (watched: WatchedContainer): void {
    watched.close()
    this.#watched.delete(watched.found.id)
    this.#deps.history.forget(watched.found.id)
  }
}

function compareText (a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
