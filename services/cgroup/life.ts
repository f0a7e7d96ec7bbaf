import type { Directory } from './directory.ts'
import { Vanished } from './kernel-file.ts'

/**
 * Runs `look`, and gives its answer only if the first directory lived through it; `null` if it is gone. The others are taken
 * to live and die with it: all are closed when it does, so that the next look opens what stands there then.
 *
 * A container restarted within a second has the same path, counters from 0 and a new inode. A kept descriptor cannot mistake
 * the one for the other (ENODEV). Files being opened can: so the inode is compared before each look, and after the first.
 */
export class Life {
  readonly #directories: Directory[]
  #inode: number | null = null

  constructor (directories: Directory[]) {
    this.#directories = directories
  }

  whileAlive<T> (look: (inode: number) => T): T | null {
    const inode = this.#directories[0]!.inode()
    const isFirst = inode !== this.#inode
    if (isFirst) this.close()
    if (inode === null) return null
    try {
      const answer = look(inode)
      if (!isFirst || this.#directories[0]!.inode() === inode) {
        this.#inode = inode
        return answer
      }
    } catch (error) {
      if (!(error instanceof Vanished)) throw error
    }
    this.close()
    return null
  }

  close (): void {
    for (const directory of this.#directories) directory.close()
    this.#inode = null
  }
}
