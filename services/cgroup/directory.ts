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

  /** See `ValueFile.read`. */
  read<T> (name: string, parse: Parse<T>): T | null {
    return this.#file(name).read(parse)
  }

  /** The faults of each file's last reading. */
  faults (): Fault[] {
    return [...this.#files.values()].flatMap(({ faults }) => faults)
  }

  /**
   * Whether the file exists. This is looked up once, so it suits files that neither appear nor vanish while the
   * directory exists.
   */
  has (name: string): boolean {
    let has = this.#has.get(name)
    if (has === undefined) this.#has.set(name, has = existsSync(join(this.path, name)))
    return has
  }

  /** The inode of the directory that is under the path now; `null` if there is none. */
  inode (): number | null {
    return statSync(this.path, { throwIfNoEntry: false })?.ino ?? null
  }

  /** Opens the directory that is under the path now, and returns its inode, or `null` if there is none. */
  open (): number | null {
    this.#descriptor = openIfThere(this.path)
    if (this.#descriptor === null) return null
    // Asks by descriptor, because the path may already lead elsewhere; Node has no fstatfs.
    this.#isKernels = isCgroupFs(statfsSync(`/proc/self/fd/${this.#descriptor}`).type)
    return fstatSync(this.#descriptor).ino
  }

  /**
   * `true` if the opened directory has been removed from the tree. The kernel's own file system is not asked: a removed
   * cgroup keeps its links, and reading its first file fails with ENODEV. Elsewhere (a copy, FUSE) the files of a
   * removed directory can still be read.
   */
  isUnlinked (): boolean {
    return this.#descriptor === null || (!this.#isKernels && fstatSync(this.#descriptor).nlink === 0)
  }

  /** Lines of `cgroup.procs` here and below: Podman and Docker-in-Docker put their processes one level down. */
  processes (): number | null {
    return this.#file('cgroup.procs').lines(() => this.#isLeaf() ? 0 : processesBelow(this.path))
  }

  /** Also forgets the names of the files, because a departed container may be kept for a long time. */
  close (): void {
    for (const file of this.#files.values()) file.close()
    this.#files.clear()
    this.#has.clear()
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }

  /**
   * A directory without subdirectories has two links, `.` and its name; file systems that do not count them say 1. Asks
   * by descriptor: looking up a path of a hundred letters costs as much as four reads.
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
