import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Directories that every user may write to: in memory, and in the root file system, unless that is read-only. */
const DIRECTORIES = ['/dev/shm', '/tmp']
const PREFIX = 'limits-lab-marker-'
const CONTENT = 'Left here by limits-lab, to see which other containers find it.\n'
/** At most this many markers are kept at a time. */
export const MAX_MARKERS = 8

/**
 * The result of writing one file: `error` is the kernel's name for it, such as `EROFS` if the file system is read-only.
 */
export interface Written { path: string, error: string | null }

/** Small files with known names, so that other containers can look for the same ones. */
export class Markers {
  readonly #directories: string[]

  constructor (directories = DIRECTORIES) {
    this.#directories = directories
  }

  /** Writes the marker into each directory. `null`: there are already too many. */
  put (id: string): Written[] | null {
    const isFull = this.find(id).length === 0 && this.#directories.some(directory => countIn(directory) >= MAX_MARKERS)
    return isFull ? null : this.#paths(id).map(path => ({ path, error: write(path) }))
  }

  /** The paths at which the marker exists. */
  find (id: string): string[] {
    return this.#paths(id).filter(path => existsSync(path))
  }

  /** Removes the marker, and returns the paths at which it existed. */
  remove (id: string): string[] {
    const found = this.find(id)
    for (const path of found) rmSync(path, { force: true })
    return found
  }

  #paths (id: string): string[] {
    return this.#directories.map(directory => join(directory, PREFIX + id))
  }
}

function write (path: string): string | null {
  try {
    writeFileSync(path, CONTENT)
    return null
  } catch (err) {
    return (err as NodeJS.ErrnoException).code ?? String(err)
  }
}

function countIn (directory: string): number {
  try {
    return readdirSync(directory).filter(name => name.startsWith(PREFIX)).length
  } catch {
    return 0
  }
}
