import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ContainerLimits } from '#shared/limits/change.ts'
import type { ProcessLimits } from './compose-file.ts'
import { delegate } from './controllers.ts'
import { changeFiles, limitFiles, LimitRefused, type LimitFile } from './limit-files.ts'
import { OwnCgroups, processesIn, type MadeDirectory } from './own-cgroups.ts'

/** More stacks of one name than anybody starts on one machine. */
const MAX_STACKS = 99

/**
 * The cgroup of the stack, with one below it for each service: a directory on v2, and one for each controller on v1.
 */
export class CgroupTree {
  readonly version: 'v1' | 'v2'
  /** The mount points; on v1, each under the name of its controller. */
  readonly #mounts: Map<string, string>
  readonly #own = new OwnCgroups()
  #path: string

  constructor (version: 'v1' | 'v2', path: string, mounts: Map<string, string>) {
    this.version = version
    this.#path = path
    this.#mounts = mounts
  }

  /** The path below the mount, as the lab gets it. `claim` may change it. */
  get path (): string { return this.#path }

  /** Everything that was made and still exists, so that a later start can remove it. */
  get made (): MadeDirectory[] { return this.#own.list }

  get exists (): boolean { return this.#places('').some(place => existsSync(place)) }

  /**
   * Makes the directory of the stack. If there is one of its name already, the stack gets another name
   * (`/limits-lab-2`): a directory does not show what made it, or whether it is still needed.
   */
  async claim (): Promise<void> {
    const wanted = this.#path
    for (let number = 1; number <= MAX_STACKS; number++) {
      this.#path = number === 1 ? wanted : `${wanted}-${number}`
      if (!await this.#tryClaim()) continue
      if (this.version === 'v2') for (const place of this.#places('')) delegate(place)
      return
    }
    throw new Error(`there are already ${MAX_STACKS} cgroups named like ${wanted}`)
  }

  /**
   * Makes a new directory with these limits, in the place of the one that was made before. Returns the files to which a
   * process has to write its pid to join.
   * @throws LimitRefused
   */
  async make (name: string, limits: ProcessLimits): Promise<string[]> {
    await this.remove(name)
    const places = this.#places(name)
    for (const place of places) this.#own.make(place)
    for (const file of limitFiles(this.version, limits)) this.#write(name, file)
    return places.map(place => join(place, 'cgroup.procs'))
  }

  /** @throws LimitRefused */
  change (name: string, to: ContainerLimits, now: ContainerLimits): void {
    for (const file of changeFiles(this.version, to, now)) this.#write(name, file)
  }

  /** Whether there is a cgroup of this name. */
  has (name: string): boolean { return this.#places(name).every(place => existsSync(place)) }

  /** Ends the processes in it, and removes it, if it was made here. */
  async remove (name: string): Promise<void> {
    for (const place of this.#places(name)) await this.#own.end(place)
  }

  /** Removes all of them. Resolves to the directories that stay because they hold a cgroup that was not made here. */
  async removeAll (): Promise<string[]> {
    await this.#own.endAll()
    return this.#own.list.map(({ path }) => path)
  }

  /** The processes in it, with their numbers on the host. */
  processes (name: string): number[] {
    return [...new Set(this.#places(name).flatMap(processesIn))]
  }

  /** Makes the directory in every hierarchy, or in none. */
  async #tryClaim (): Promise<boolean> {
    try {
      for (const place of this.#places('')) this.#own.make(place)
      return true
    } catch (err) {
      await this.#own.endAll()
      if ((err as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw err
    }
  }

  #places (name: string): string[] {
    return [...new Set(this.#mounts.values())].map(mount => join(mount, this.#path, name))
  }

  #write (name: string, file: LimitFile): void {
    const mount = this.#mounts.get(this.version === 'v2' ? 'unified' : file.controller)!
    const path = join(mount, this.#path, name, file.name)
    if (file.isOptional && !existsSync(path)) return
    try {
      writeFileSync(path, file.value)
    } catch (err) {
      throw new LimitRefused(file, err as NodeJS.ErrnoException)
    }
  }
}
