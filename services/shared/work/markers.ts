import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where anybody may write: in memory, and in the root file system, unless that is read-only. */
const DIRECTORIES = ['/dev/shm', '/tmp']
const PREFIX = 'limits-lab-marker-'
const CONTENT = 'Left here by limits-lab, to see who else finds it.\n'
/** Nobody needs more at a time. */
const MOST = 8

/** What came of writing one file: `error` is the kernel's name for it, `EROFS` where the file system is read-only. */
export interface Written { path: string, error: string | null }

/** Small files under names that are known, so that other containers can look for the same ones. */
export class Markers {
  readonly #directories: string[]

  constructor (directories = DIRECTORIES) {
    this.#directories = directories
  }

  /** In each directory. `null`: there are enough. */
  put (id: string): Written[] | null {
    const isFull = this.find(id).length === 0 && this.#directories.some(directory => countIn(directory) >= MOST)
    return isFull ? null : this.#paths(id).map(path => ({ path, error: write(path) }))
  }

  /** The paths at which it is. */
  find (id: string): string[] {
    return this.#paths(id).filter(path => existsSync(path))
  }

  /** What was there is gone. */
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
