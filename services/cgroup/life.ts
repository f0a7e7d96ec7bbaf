import type { Directory } from './directory.ts'
import { Vanished } from './kernel-file.ts'

/**
 * Runs `look`, and gives its answer only if the cgroup's home directory lived through it; `null` if it is gone. The others (of other
 * controllers, of ancestors) are closed when it is, so that the next look opens what stands there then.
 *
 * A container restarted within a second has the same path, counters from 0 and a new inode. A kept descriptor cannot mistake
 * the one for the other (ENODEV). Files being opened can: so the inode is compared before each look, and after the first.
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
    const inode = this.#home.inode()
    const isFirst = inode !== this.#inode
    if (isFirst) this.close()
    if (inode === null) return null
    try {
      const answer = look(inode)
      if (!isFirst || this.#home.inode() === inode) {
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
    this.#home.close()
    for (const directory of this.#others) directory.close()
    this.#inode = null
  }
}
