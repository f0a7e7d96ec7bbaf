import type { ClosedDirectory } from '#cgroup/walk.ts'
import type { Log } from '#shared/process/log.ts'

/** At most this many are named: a host may have a thousand users, and their directories would fill the log. */
const NAMED = 100

/**
 * Logs the directories that may not be entered: each of them once, and again only if it was open, or absent, in
 * between.
 */
export class ClosedDirectories {
  readonly #log: Log
  #known = new Set<string>()
  #areMoreKnown = false

  constructor (log: Log) {
    this.#log = log
  }

  /** `met`: all closed directories of one walk. */
  report (met: ClosedDirectory[]): void {
    const named = met.slice(0, NAMED)
    for (const { path, error } of named) {
      if (this.#known.has(path)) continue
      this.#log.warn({ path, reason: error.message }, 'cannot look into a directory; containers in it are not seen')
    }
    this.#known = new Set(named.map(({ path }) => path))
    const more = met.length - named.length
    if (more > 0 && !this.#areMoreKnown) this.#log.warn({ more }, 'cannot look into more directories than are named here')
    this.#areMoreKnown = more > 0
  }
}
