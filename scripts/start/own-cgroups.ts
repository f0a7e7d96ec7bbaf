import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A directory that was made here. A path alone would not do: another may stand under it by now. */
export interface MadeDirectory { path: string, inode: number }

const END_MS = 10_000

/**
 * The cgroup directories that this start made, or that the file of an earlier one says it made. No other is ever
 * touched.
 */
export class OwnCgroups {
  readonly #made: Map<string, number>

  constructor (made: MadeDirectory[] = []) {
    this.#made = new Map(made.map(({ path, inode }) => [path, inode]))
  }

  get list (): MadeDirectory[] {
    return [...this.#made].map(([path, inode]) => ({ path, inode }))
  }

  /** @throws EEXIST where one stands under the path already, whoever made it */
  make (path: string): void {
    mkdirSync(path)
    this.#made.set(path, statSync(path).ino)
  }

  isOwn (path: string): boolean {
    const inode = this.#made.get(path)
    return inode !== undefined && statSync(path, { throwIfNoEntry: false })?.ino === inode
  }

  /**
   * Ends whoever is in it, and takes it away. One that is not ours, or that holds a cgroup of others, stays as it is.
   */
  async end (path: string): Promise<void> {
    const deadline = performance.now() + END_MS
    while (this.isOwn(path) && foreignBelow(path).length === 0 && !tryRemove(path)) {
      const pids = processesIn(path)
      if (performance.now() > deadline) throw new Error(`cannot remove the cgroup ${path}: processes ${pids.join(' ')} do not end`)
      for (const pid of pids) kill(pid)
      await delay(20)
    }
    if (!this.isOwn(path)) this.#made.delete(path)
  }

  /** Those below before those above. */
  async endAll (): Promise<void> {
    const paths = [...this.#made.keys()].sort((a, b) => b.length - a.length)
    for (const path of paths) await this.end(path)
  }
}

/** What stands below after those of ours have gone belongs to somebody else: the engine, or a guest. */
function foreignBelow (path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => join(path, name))
  } catch {
    return []
  }
}

function tryRemove (path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/**
 * Processes in a cgroup, by our own pid namespace's count. The kernel writes 0 for one that has no number there, and a
 * signal to 0 goes to our own group: those are left out. cgroup-v2.rst, "Namespace"; kill(2).
 */
export function processesIn (directory: string): number[] {
  try {
    return readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').map(Number).filter(pid => pid > 1)
  } catch {
    return []
  }
}

function kill (pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
