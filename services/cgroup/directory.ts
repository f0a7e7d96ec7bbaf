import { closeSync, existsSync, fstatSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KernelFile, openIfThere } from './kernel-file.ts'
import { processesBelow } from './walk.ts'

/** The files of one cgroup directory, each opened once. */
export class Directory {
  readonly path: string
  readonly #files = new Map<string, KernelFile>()
  readonly #has = new Map<string, boolean>()
  /** Of the directory itself. */
  #descriptor: number | null = null
  #links = 0

  constructor (path: string) {
    this.path = path
  }

  /** As `KernelFile.read`. */
  read<T> (name: string, parse: (text: string) => T): T | null {
    return this.#file(name).read(parse)
  }

  /** For what neither comes nor goes while the directory stands: looked for once. */
  has (name: string): boolean {
    let has = this.#has.get(name)
    if (has === undefined) this.#has.set(name, has = existsSync(join(this.path, name)))
    return has
  }

  /** Which directory stands under the path now. `null`: none. */
  inode (): number | null {
    return statSync(this.path, { throwIfNoEntry: false })?.ino ?? null
  }

  /** Opens the directory that stands under the path now; its inode, or `null`: none. */
  open (): number | null {
    this.#descriptor = openIfThere(this.path)
    return this.#descriptor === null ? null : this.#look(this.#descriptor).ino
  }

  /**
   * Whether the directory that was opened still has a place in the tree. A cgroup that was removed says yes nevertheless; there
   * the first read of a file tells (ENODEV). Asked by descriptor: to find a path of a hundred letters costs as much as four reads.
   */
  isLinked (): boolean {
    return this.#descriptor !== null && this.#look(this.#descriptor).nlink > 0
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
    this.#has.clear()
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }

  #look (descriptor: number): { ino: number, nlink: number } {
    const stat = fstatSync(descriptor)
    this.#links = stat.nlink
    return stat
  }

  /** A directory without subdirectories has two links, `.` and its name; file systems that do not count them say 1. */
  #isLeaf (): boolean {
    return this.#links === 2
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
