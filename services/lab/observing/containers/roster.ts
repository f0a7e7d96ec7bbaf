import type { Cgroup } from '#cgroup/cgroup.ts'
import type { History } from '#lab/observing/sampling/history.ts'
import type { Moment } from '#lab/observing/sampling/moment.ts'
import type { Found } from './discovery.ts'
import { WatchedContainer } from './watched.ts'

interface Deps {
  open: (path: string) => Cgroup
  history: History
}

interface Bounds { containers: number, keepMs: number }

/** A copy that left others of its service behind (`--scale`) is shown for this long. */
const LEAVER_SHOWN_MS = 30_000
/**
 * Of those that are shown no more so many are remembered: copies may come and go all day, and the lab's memory stays
 * what it is.
 */
const UNSHOWN_KEPT = 32

/** The containers that are watched: those that are there, and those that were within the time that is kept. */
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

  /** Learned from the names; empty while nobody is there. */
  get project (): string {
    return this.#present()[0]?.found.project ?? ''
  }

  has (id: string): boolean {
    return this.#watched.has(id)
  }

  /** Whether a container of the service is there, and not known to be empty. */
  isPresent (service: string): boolean {
    return this.#present().some(({ found, last }) => found.service === service && last?.populated !== false)
  }

  /** `null`: there is no room, and nobody who has left makes some. */
  add (found: Found, now: Moment): WatchedContainer | null {
    // Before room is made: who has to go may be the one that is replaced.
    const tally = this.#named(found.name)?.tally
    if (this.#watched.size >= this.#bounds.containers && !this.#forgetLongestAway()) return null
    const watched = new WatchedContainer(found, this.#deps.open(found.path), now, tally)
    this.#watched.set(found.id, watched)
    this.#deps.history.add(found.id)
    return watched
  }

  hasName (name: string): boolean {
    return this.#named(name) !== undefined
  }

  /** A newer container has, or had, its name: it was made anew, not restarted. */
  isReplaced (watched: WatchedContainer): boolean {
    return watched.isAway && this.#named(watched.found.name) !== watched
  }

  forgetOld (now: Moment): void {
    const { keepMs } = this.#bounds
    for (const watched of this.#departed()) if (now.monotonicMs - watched.endedMs! > keepMs) this.#forget(watched)
    const departed = this.#departed()
    if (departed.length <= UNSHOWN_KEPT) return
    const isShown = this.#whoIsShown(now)
    const unshown = departed.filter(watched => !isShown(watched))
    for (const watched of unshown.slice(0, -UNSHOWN_KEPT)) this.#forget(watched)
  }

  /** In the order of the services and their numbers. */
  shown (services: string[], now: Moment): WatchedContainer[] {
    return [...this.#watched.values()]
      .filter(this.#whoIsShown(now))
      .sort((a, b) => services.indexOf(a.found.service) - services.indexOf(b.found.service) || (a.found.number ?? 0) - (b.found.number ?? 0))
  }

  close (): void {
    for (const watched of this.#watched.values()) watched.close()
  }

  /** Everybody but who has been replaced, and who left others behind. */
  #whoIsShown (now: Moment): (watched: WatchedContainer) => boolean {
    const manned = new Set(this.#present().map(({ found }) => found.service))
    return watched => watched.endedMs === null ||
      (!this.isReplaced(watched) && (!manned.has(watched.found.service) || now.monotonicMs - watched.endedMs < LEAVER_SHOWN_MS))
  }

  /** The newest of this name. */
  #named (name: string): WatchedContainer | undefined {
    return [...this.#watched.values()].findLast(({ found }) => found.name === name)
  }

  #present (): WatchedContainer[] {
    return [...this.#watched.values()].filter(({ isAway }) => !isAway)
  }

  /** Longest away first. */
  #departed (): WatchedContainer[] {
    return [...this.#watched.values()].filter(({ isAway }) => isAway).sort((a, b) => a.endedMs! - b.endedMs!)
  }

  #forgetLongestAway (): boolean {
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
