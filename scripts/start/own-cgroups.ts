import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * A directory that was made here. The path alone does not identify it: by now there may be another directory under it.
 */
export interface MadeDirectory { path: string, inode: number }

const END_MS = 10_000

/**
 * The cgroup directories that this start made, or an earlier one by its own record. No other directory is ever touched.
 */
export class OwnCgroups {
  readonly #made: Map<string, number>

  constructor (made: MadeDirectory[] = []) {
    this.#made = new Map(made.map(({ path, inode }) => [path, inode]))
  }

  get list (): MadeDirectory[] {
    return [...this.#made].map(([path, inode]) => ({ path, inode }))
  }

  /** @throws EEXIST if there is a directory under this path already */
  make (path: string): void {
    mkdirSync(path)
    this.#made.set(path, statSync(path).ino)
  }

  isOwn (path: string): boolean {
    const inode = this.#made.get(path)
    return inode !== undefined && statSync(path, { throwIfNoEntry: false })?.ino === inode
  }

  /**
   * Ends the processes in it, and removes it. A directory that is not ours, or that holds a cgroup of others, stays.
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

  /** Ends those below before those above. */
  async endAll (): Promise<void> {
    const paths = [...this.#made.keys()].sort((a, b) => b.length - a.length)
    for (const path of paths) await this.end(path)
  }
}

/** Once our own are gone, every directory below belongs to others: to the engine, or to another program. */
function foreignBelow (path: string): string[] {
  try {
    const directories = readdirSync(path, { withFileTypes: true }).filter(entry => entry.isDirectory())
    return directories.map(({ name }) => join(path, name))
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
 * The processes in a cgroup, with their numbers in our own pid namespace. The kernel writes 0 for a process that has no
 * number there. We leave it out, because a signal to 0 goes to our own group. cgroup-v2.rst, "Namespace"; kill(2).
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
    // The process has ended by itself.
  }
}
