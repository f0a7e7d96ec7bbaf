import type { ClosedDirectory } from '#cgroup/containers.ts'
import type { Log } from '#shared/process/log.ts'

/** More than this are not named: on a host of a thousand users the log would hold little else. */
const NAMED = 100

/**
 * Tells of directories that may not be looked into: of each once, and again only if it was open, or away, in between.
 */
export class ClosedDirectories {
  readonly #log: Log
  #known = new Set<string>()
  #areMoreKnown = false

  constructor (log: Log) {
    this.#log = log
  }

  /** All that one walk met. */
  tell (met: ClosedDirectory[]): void {
    const named = met.slice(0, NAMED)
    for (const { path, error } of named) {
      if (!this.#known.has(path)) this.#log.warn({ path, reason: error.message }, 'cannot look into a directory; containers in it are not seen')
    }
    this.#known = new Set(named.map(({ path }) => path))
    const more = met.length - named.length
    if (more > 0 && !this.#areMoreKnown) this.#log.warn({ more }, 'cannot look into more directories than are named here')
    this.#areMoreKnown = more > 0
  }
}
