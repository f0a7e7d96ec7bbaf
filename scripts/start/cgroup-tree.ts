import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessLimits } from './compose-file.ts'
import { passOn } from './controllers.ts'
import { limitFiles, type LimitFile } from './limit-files.ts'
import { OwnCgroups, processesIn, type MadeDirectory } from './own-cgroups.ts'

/** More stacks of one name than anybody starts on one machine. */
const MOST_BESIDE = 99

/** A limit that the kernel did not take. It names neither file nor value; whoever writes the file knows both. */
export class LimitRefused extends Error {
  override name = 'LimitRefused'
  readonly limit: keyof ProcessLimits

  constructor ({ limit, name, value }: LimitFile, cause: NodeJS.ErrnoException) {
    super(`the kernel refuses ${JSON.stringify(value)} in ${name} (${cause.code})`, { cause })
    this.limit = limit
  }
}

/**
 * One directory in every hierarchy that counts: one on v2, one a controller on v1. Below it a directory for each
 * service.
 */
export class CgroupTree {
  readonly version: 'v1' | 'v2'
  /** Mount points; on v1 named by their controller. */
  readonly #mounts: Map<string, string>
  readonly #own = new OwnCgroups()
  #path: string

  constructor (version: 'v1' | 'v2', path: string, mounts: Map<string, string>) {
    this.version = version
    this.#path = path
    this.#mounts = mounts
  }

  /** Below the mount, as the lab is told it. Final once it was claimed. */
  get path (): string { return this.#path }

  /** Everything that was made and still stands, for whoever comes after us. */
  get made (): MadeDirectory[] { return this.#own.list }

  get exists (): boolean { return this.#places('').some(place => existsSync(place)) }

  /**
   * Makes the directory of the stack. Where one of its name stands already it goes beside it (`/limits-lab-2`): that a
   * directory is there says nothing of who made it, or whether anybody still needs it.
   */
  async claim (): Promise<void> {
    const wanted = this.#path
    for (let number = 1; number <= MOST_BESIDE; number++) {
      this.#path = number === 1 ? wanted : `${wanted}-${number}`
      if (!await this.#tryClaim()) continue
      if (this.version === 'v2') for (const place of this.#places('')) passOn(place)
      return
    }
    throw new Error(`there are ${MOST_BESIDE} cgroups named like ${wanted} already`)
  }

  /**
   * A new directory with these limits, in the place of the one that was made before. The files to write one's pid to.
   * @throws LimitRefused
   */
  async make (name: string, limits: ProcessLimits): Promise<string[]> {
    await this.remove(name)
    const places = this.#places(name)
    for (const place of places) this.#own.make(place)
    for (const file of limitFiles(this.version, limits)) this.#write(name, file)
    return places.map(place => join(place, 'cgroup.procs'))
  }

  /** Ends whoever is in it, and takes it away, if it was made here. */
  async remove (name: string): Promise<void> {
    for (const place of this.#places(name)) await this.#own.end(place)
  }

  /** All services' and its own. Resolves to what has to stay, since it holds a cgroup of others. */
  async removeAll (): Promise<string[]> {
    await this.#own.endAll()
    return this.#own.list.map(({ path }) => path)
  }

  /** Who is in it, by the host's count. */
  processes (name: string): number[] {
    return [...new Set(this.#places(name).flatMap(processesIn))]
  }

  /** In every hierarchy or in none. */
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
