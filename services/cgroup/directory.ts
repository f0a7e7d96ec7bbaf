import { closeSync, existsSync, fstatSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ignoreFaults, type Fault, type OnFault } from './fault.ts'
import { openIfThere } from './kernel-file.ts'
import { isCgroupFs } from './mounts.ts'
import { ValueFile, type Parse } from './value-file.ts'
import { processesBelow } from './walk.ts'

/** The files of one cgroup directory, each opened once. */
export class Directory {
  readonly path: string
  readonly #onFault: OnFault
  readonly #files = new Map<string, ValueFile>()
  readonly #has = new Map<string, boolean>()
  /** Of the directory itself. */
  #descriptor: number | null = null
  #isKernels = false

  constructor (path: string, onFault: OnFault = ignoreFaults) {
    this.path = path
    this.#onFault = onFault
  }

  /** As `ValueFile.read`. */
  read<T> (name: string, parse: Parse<T>): T | null {
    return this.#file(name).read(parse)
  }

  /** Of each file's last reading. */
  faults (): Fault[] {
    return [...this.#files.values()].flatMap(({ faults }) => faults)
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
    if (this.#descriptor === null) return null
    // By descriptor, for which Node has no fstatfs: the path may be nobody's by now.
    this.#isKernels = isCgroupFs(statfsSync(`/proc/self/fd/${this.#descriptor}`).type)
    return fstatSync(this.#descriptor).ino
  }

  /**
   * `true`: what was opened has no place in the tree any more. The kernel's own file system is not asked: a cgroup that
   * was removed keeps its links, and its first file tells by ENODEV. Elsewhere (a copy, FUSE) files of a removed
   * directory can be read on.
   */
  isUnlinked (): boolean {
    return this.#descriptor === null || (!this.#isKernels && fstatSync(this.#descriptor).nlink === 0)
  }

  /** Lines of `cgroup.procs` here and below: Podman and Docker-in-Docker put their processes one level down. */
  processes (): number | null {
    return this.#file('cgroup.procs').lines(() => this.#isLeaf() ? 0 : processesBelow(this.path))
  }

  /** Also forgets the files' names: a container that has gone may be remembered for long. */
  close (): void {
    for (const file of this.#files.values()) file.close()
    this.#files.clear()
    this.#has.clear()
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }

  /**
   * A directory without subdirectories has two links, `.` and its name; file systems that do not count them say 1.
   * Asked by descriptor: to find a path of a hundred letters costs as much as four reads.
   */
  #isLeaf (): boolean {
    return this.#descriptor !== null && fstatSync(this.#descriptor).nlink === 2
  }

  #file (name: string): ValueFile {
    let file = this.#files.get(name)
    if (file === undefined) this.#files.set(name, file = new ValueFile(join(this.path, name), this.#onFault))
    return file
  }
}

/** `/a/b` → `/a`, `/`: as far up as the mount shows. */
export function ancestorsOf (path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...ancestorsOf(parent)]
}
