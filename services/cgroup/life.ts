import type { Directory } from './directory.ts'
import { Vanished } from './kernel-file.ts'

/**
 * Runs `look`, and returns its result only if the cgroup's home directory existed throughout; `null` if it is gone.
 * Then the other directories (of other controllers, of ancestors) are closed, so that the next look opens what exists
 * by then.
 *
 * A container that restarts within a second has the same path, counters from 0 and a new inode. A kept descriptor
 * cannot confuse the two lives (ENODEV), but files that are just being opened can: so the inode is compared before and
 * after the first look.
 */
export class Life {
  readonly #home: Directory
  readonly #others: Directory[]
  #inode: number | null = null

  constructor (home: Directory, others: Directory[]) {
    this.#home = home
    this.#others = others
  }

  whileAlive<T> (look: (inode: number) => T): T | null {
    const inode = this.#inode
    if (inode !== null && !this.#home.isUnlinked()) {
      const seen = unlessVanished(() => look(inode))
      if (seen !== null) return seen.answer
    }
    return this.#begin(look, inode)
  }

  close (): void {
    this.#home.close()
    for (const directory of this.#others) directory.close()
    this.#inode = null
  }

  /** `ended` is the inode of the life that is over; its directory may still be under the path. */
  #begin<T> (look: (inode: number) => T, ended: number | null): T | null {
    this.close()
    const inode = this.#home.open()
    const seen = inode === null || inode === ended ? null : unlessVanished(() => look(inode))
    if (seen === null || this.#home.inode() !== inode) {
      this.close()
      return null
    }
    this.#inode = inode
    return seen.answer
  }
}

function unlessVanished<T> (look: () => T): { answer: T } | null {
  try {
    return { answer: look() }
  } catch (error) {
    if (error instanceof Vanished) return null
    throw error
  }
}
