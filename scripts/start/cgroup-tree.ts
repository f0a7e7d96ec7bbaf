import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessLimits } from './compose-file.ts'
import { passOn } from './controllers.ts'
import { limitFiles } from './limit-files.ts'

const END_MS = 10_000

/** One directory in every hierarchy that counts: one on v2, one a controller on v1. Below it a directory for each service. */
export class CgroupTree {
  readonly version: 'v1' | 'v2'
  /** Below the mount, as the lab is told it. */
  readonly path: string
  /** Mount points; on v1 named by their controller. */
  readonly #mounts: Map<string, string>

  constructor (version: 'v1' | 'v2', path: string, mounts: Map<string, string>) {
    this.version = version
    this.path = path
    this.#mounts = mounts
  }

  get exists (): boolean { return this.#places('').some(place => existsSync(place)) }

  /** A new directory with these limits, in the place of one that is there. The files to write one's pid to. */
  async make (name: string, limits: ProcessLimits): Promise<string[]> {
    await this.remove(name)
    const places = this.#places(name)
    for (const place of this.#places('')) mkdirSync(place, { recursive: true })
    if (this.version === 'v2') for (const place of this.#places('')) passOn(place)
    for (const place of places) mkdirSync(place)
    for (const { controller, name: file, value, isOptional } of limitFiles(this.version, limits)) this.#write(name, controller, file, value, isOptional)
    return places.map(place => join(place, 'cgroup.procs'))
  }

  /** Ends whoever is in it, and takes it away. */
  async remove (name: string): Promise<void> {
    const deadline = performance.now() + END_MS
    while (!this.#tryRemove(name)) {
      if (performance.now() > deadline) throw new Error(`cannot remove the cgroup ${this.path}/${name}: processes ${this.processes(name).join(' ')} do not end`)
      for (const pid of this.processes(name)) kill(pid)
      await delay(20)
    }
  }

  /** All services' and its own. */
  async removeAll (): Promise<void> {
    const names = new Set(this.#places('').flatMap(subdirectories))
    for (const name of names) await this.remove(name)
    await this.remove('')
  }

  /** Who is in it, by the host's count. */
  processes (name: string): number[] {
    return [...new Set(this.#places(name).flatMap(place => numbersIn(join(place, 'cgroup.procs'))))]
  }

  /** For a shell that outlives us: ends everybody in it and takes it away. */
  removalScript (): string {
    const places = this.#places('').join(' ')
    return `for i in $(seq 100); do for place in ${places}; do kill -KILL $(cat $place/*/cgroup.procs); rmdir $place/*/ $place; done 2>/dev/null; ` +
      `ls -d ${places} >/dev/null 2>&1 || exit; sleep 0.1; done`
  }

  #places (name: string): string[] {
    return [...new Set(this.#mounts.values())].map(mount => join(mount, this.path, name))
  }

  #write (name: string, controller: string, file: string, value: string, isOptional = false): void {
    const path = join(this.version === 'v2' ? this.#mounts.get('unified')! : this.#mounts.get(controller)!, this.path, name, file)
    if (isOptional && !existsSync(path)) return
    writeFileSync(path, value)
  }

  #tryRemove (name: string): boolean {
    return this.#places(name).map(place => tryRemoveDirectory(place)).every(isGone => isGone)
  }
}

function tryRemoveDirectory (path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

function subdirectories (path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name)
}

export function numbersIn (path: string): number[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(line => line !== '').map(Number)
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
