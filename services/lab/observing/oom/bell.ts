/**
 * What says between two samples that there may have been a kill:
 *
 *     v2   the kernel does, when memory.events of a container has changed. Nothing is read until then
 *     v1   /proc/vmstat, key oom_kill, of the whole host, which is read twenty times a second, whatever the number of
 *          containers
 *
 * If neither can be had, kills are seen by the samples alone.
 */
import { memoryNotices, type Notices } from '#cgroup/file-notices.ts'
import { Ticker, type Time } from '#lab/clock.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Log } from '#shared/process/log.ts'

export interface Bell {
  start: () => void
  /** Called after each sample with all containers. */
  follow: (containers: Iterable<WatchedContainer>) => void
  stop: () => void
}

/**
 * Waking up costs more than the look, so at four samples a second every fifth look falls on the moment of a sample.
 */
const LOOKS_PER_SECOND = 20

/** cgroup v1: rings when the host's count of kills has risen. */
export class HostBell implements Bell {
  readonly #looking: Ticker
  readonly #kills: () => number | null
  readonly #ring: () => void
  #last: number | null = null

  constructor (kills: () => number | null, ring: () => void, log: Log, time: Time) {
    this.#kills = kills
    this.#ring = ring
    this.#looking = new Ticker('looking for kills', LOOKS_PER_SECOND, () => this.#look(), log, time)
  }

  start (): void { this.#looking.start() }
  follow (): void {}
  stop (): void { this.#looking.stop() }

  #look (): void {
    const before = this.#last
    this.#last = this.#kills()
    if (before !== null && this.#last !== null && this.#last > before) this.#ring()
  }
}

interface Listening { inode: number, notices: Notices | null }

/** cgroup v2: rings when the kernel says that `memory.events` of a container has changed. */
export class NoticeBell implements Bell {
  readonly #root: string
  readonly #ring: () => void
  readonly #log: Log
  readonly #listening = new Map<WatchedContainer, Listening>()
  #isRefused = false

  constructor (root: string, ring: () => void, log: Log) {
    this.#root = root
    this.#ring = ring
    this.#log = log
  }

  start (): void {}

  /** Listens to the present life of each container. */
  follow (containers: Iterable<WatchedContainer>): void {
    const gone = new Set(this.#listening.keys())
    for (const watched of containers) {
      const inode = watched.isAway ? null : watched.last?.inode ?? null
      if (inode === null) continue
      gone.delete(watched)
      if (this.#listening.get(watched)?.inode !== inode) this.#listen(watched, inode)
    }
    for (const watched of gone) this.#leave(watched)
  }

  stop (): void {
    for (const watched of this.#listening.keys()) this.#leave(watched)
  }

  #listen (watched: WatchedContainer, inode: number): void {
    this.#leave(watched)
    this.#listening.set(watched, { inode, notices: this.#tryListen(watched.found.path) })
  }

  /** The number of watches that a host has is limited. Without one, a kill is seen by the next sample. */
  #tryListen (path: string): Notices | null {
    try {
      return memoryNotices(this.#root, path, this.#ring)
    } catch (err) {
      if (!this.#isRefused) this.#log.warn({ err }, 'the kernel does not say when a process is killed; samples do')
      this.#isRefused = true
      return null
    }
  }

  #leave (watched: WatchedContainer): void {
    this.#listening.get(watched)?.notices?.close()
    this.#listening.delete(watched)
  }
}
