/**
 * A cgroup of the old hierarchies: there is one directory per controller, and each hierarchy has a root of its own. On
 * a hybrid host the unified hierarchy exists beside them, without controllers but with pressure files; its `cpu.stat`
 * has no throttling. Documentation/admin-guide/cgroup-v1/, "Memory": memory.rst.
 */
import type { Cgroup, Extent, OomKills } from './cgroup.ts'
import { monotonicUs } from './derived.ts'
import type { Directory } from './directory.ts'
import { effectiveLimits, readHost, withoutGuesses, type Host } from './effective.ts'
import { ignoreFaults, type Fault, type OnFault } from './fault.ts'
import { Life } from './life.ts'
import { controllers, type ControllerDirectories } from './mounts.ts'
import { parsePressure } from './parse-pressure.ts'
import { isPopulated, pidsUsage } from './pids.ts'
import type { EffectiveLimits, Limits, Pressure, Reading } from './reading.ts'
import { levelsOf, type Level } from './v1-level.ts'
import { hierarchicalLimits, limitsV1 } from './v1-limits.ts'
import { cpuUsageV1, ioDevicesV1, memoryUsageV1, oomKillsV1 } from './v1-usage.ts'

export class CgroupV1 implements Cgroup {
  readonly path: string
  readonly #version: 'v1' | 'hybrid'
  readonly #proc: string
  readonly #onFault: OnFault
  readonly #own: Level
  /** The directory that represents the cgroup: its path, its inode, its processes. */
  readonly #home: Directory
  readonly #ancestors: Level[]
  readonly #life: Life
  #host: Host | null = null

  constructor (places: ControllerDirectories, proc = '/proc', onFault: OnFault = ignoreFaults) {
    const levels = levelsOf(places, onFault)
    const first = controllers.find(controller => places[controller] !== undefined)
    if (first === undefined) throw new Error('no cgroup v1 controller is mounted')
    this.path = places[first]!.path
    this.#version = places.unified === undefined ? 'v1' : 'hybrid'
    this.#proc = proc
    this.#onFault = onFault
    this.#own = levels[0]!
    this.#home = this.#own[first]!
    this.#ancestors = levels.slice(1)
    this.#life = new Life(this.#home, levels.flatMap(level => Object.values(level)))
  }

  read (earlier: Reading | null = null, extent: Extent = 'full'): Reading | null {
    const own = this.#own
    return this.#life.whileAlive(inode => {
      const pids = pidsUsage(own.pids, this.#home, extent)
      return {
        takenAtMs: Date.now(),
        monotonicUs: monotonicUs(),
        version: this.#version,
        inode,
        populated: isPopulated(pids, null),
        cpu: cpuUsageV1(own, extent),
        limits: limitsV1(own, earlier?.inode === inode ? earlier.limits : null),
        memory: memoryUsageV1(own, extent),
        pids,
        io: extent === 'full' ? ioDevicesV1(own) : null,
        pressure: {
          cpu: pressure(own, 'cpu.pressure'),
          memory: pressure(own, 'memory.pressure'),
          io: pressure(own, 'io.pressure')
        }
      }
    })
  }

  oomKills (): OomKills | null {
    return this.#life.whileAlive(inode => ({ inode, count: oomKillsV1(this.#own.memory) }))
  }

  effectiveLimits (own?: Limits): EffectiveLimits | null {
    return this.#life.whileAlive(() => {
      this.#host ??= readHost(this.#proc, this.#onFault)
      const above = [...this.#ancestors.map(level => limitsV1(level)), hierarchicalLimits(this.#own)]
      return withoutGuesses(effectiveLimits(own ?? limitsV1(this.#own), above, this.#host), this.faults())
    })
  }

  faults (): Fault[] {
    const directories = [this.#own, ...this.#ancestors].flatMap(level => Object.values(level))
    return directories.flatMap(directory => directory.faults())
  }

  close (): void {
    this.#life.close()
  }
}

function pressure ({ unified }: Level, name: string): Pressure | null {
  return unified?.read(name, parsePressure) ?? null
}
