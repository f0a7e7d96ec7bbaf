import type { Directory } from './directory.ts'
import { Vanished } from './kernel-file.ts'

/**
 * Runs `look`, and gives its answer only if the first directory is the same afterwards; `null` if it is gone. The others are
 * taken to live and die with it: all are closed when it does, so that the next look starts afresh.
 *
 * A container restarted within a second has the same path, counters from 0 and a new inode. Kept descriptors notice
 * that by themselves (ENODEV); the inode settles the case of files opened before and after.
 */
export class Life {
  readonly #directories: Directory[]
  #inode: number | null = null

  constructor (directories: Directory[]) {
    this.#directories = directories
  }

  whileAlive<T> (look: (inode: number) => T): T | null {
    try {
      const inode = this.#begin()
      const answer = inode === null ? null : look(inode)
      if (inode === this.#directories[0]!.inode()) return answer
    } catch (error) {
      if (!(error instanceof Vanished)) throw error
    }
    this.close()
    return null
  }

  #begin (): number | null {
    const inode = this.#directories[0]!.inode()
    if (inode !== this.#inode) this.close()
    this.#inode = inode
    return inode
  }

  close (): void {
    for (const directory of this.#directories) directory.close()
  }
}
