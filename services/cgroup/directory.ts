import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KernelFile } from './kernel-file.ts'
import { processesBelow } from './walk.ts'

/** The files of one cgroup directory, each opened once. */
export class Directory {
  readonly path: string
  readonly #files = new Map<string, KernelFile>()
  #stat: { ino: number, nlink: number } | undefined

  constructor (path: string) {
    this.path = path
  }

  /** What `parse` makes of a file's text; `null` where the kernel does not say. An error names the file. */
  read<T> (name: string, parse: (text: string) => T): T | null {
    const text = this.#file(name).text()
    if (text === null) return null
    try {
      return parse(text)
    } catch (error) {
      throw new Error(`${join(this.path, name)}: ${(error as Error).message}`, { cause: error })
    }
  }

  has (name: string): boolean {
    return existsSync(join(this.path, name))
  }

  /** Looks which directory stands under the path now. `null`: none. */
  inode (): number | null {
    this.#stat = statSync(this.path, { throwIfNoEntry: false })
    return this.#stat?.ino ?? null
  }

  /** Lines of `cgroup.procs` here and below: Podman and Docker-in-Docker put their processes one level down. */
  processes (): number | null {
    const own = this.#file('cgroup.procs').lines()
    return own === null || this.#isLeaf() ? own : own + processesBelow(this.path)
  }

  /** Also forgets the files' names: a container that has gone may be remembered for long. */
  close (): void {
    for (const file of this.#files.values()) file.close()
    this.#files.clear()
  }

  /** A directory without subdirectories has two links, `.` and its name; file systems that do not count them say 1. */
  #isLeaf (): boolean {
    return this.#stat?.nlink === 2
  }

  #file (name: string): KernelFile {
    let file = this.#files.get(name)
    if (file === undefined) this.#files.set(name, file = new KernelFile(join(this.path, name)))
    return file
  }
}

/** `/a/b` → `/a`, `/`: as far up as the mount shows. */
export function ancestorsOf (path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...ancestorsOf(parent)]
}
