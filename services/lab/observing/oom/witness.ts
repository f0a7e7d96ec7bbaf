/**
 * Counts of OOM kills that outlive the container. The container's own count goes with its directory when the main
 * process is killed, often before it was read. These counts stay:
 *
 *     v2      memory.events of the cgroup above, where it includes the cgroups below it (hierarchical-events.ts);
 *             where it counts that cgroup alone, it stays at 0 whatever is killed below, and is no witness
 *     v1      /proc/vmstat, key oom_kill, of the whole host (on v1 the cgroup above does not include those below it)
 */
import { join } from 'node:path'
import { areEventsLocal, hasLocalEvents } from '#cgroup/hierarchical-events.ts'
import { KernelFile } from '#cgroup/kernel-file.ts'
import { valueOf } from '#cgroup/parse.ts'
import type { CgroupVersion } from '#cgroup/reading.ts'

export type WitnessKind = 'parent' | 'host'

export interface Witness {
  kind: WitnessKind
  /** `null`: the count cannot be read. */
  kills: () => number | null
}

export class Witnesses {
  readonly #root: string
  readonly #version: CgroupVersion
  readonly #proc: string
  readonly #found = new Map<string, Witness>()

  constructor (root: string, version: CgroupVersion, proc = '/proc') {
    this.#root = root
    this.#version = version
    this.#proc = proc
  }

  /** All containers under one parent get the same witness. */
  of (path: string): Witness {
    const parent = this.#version === 'v2' ? path.slice(0, path.lastIndexOf('/')) : ''
    let witness = this.#found.get(parent)
    if (witness === undefined) this.#found.set(parent, witness = this.#open(parent))
    return witness
  }

  #open (parent: string): Witness {
    return this.#version === 'v2' ? parentWitness(join(this.#root, parent), this.#proc) : hostWitness(this.#proc)
  }
}

function parentWitness (directory: string, proc: string): Witness {
  const file = new KernelFile(join(directory, 'memory.events'))
  const isLocal = areEventsLocal(proc)
  return { kind: 'parent', kills: () => isLocal || !hasLocalEvents(directory) ? null : killsIn(file) }
}

function hostWitness (proc: string): Witness {
  const file = new KernelFile(join(proc, 'vmstat'))
  return { kind: 'host', kills: () => killsIn(file) }
}

function killsIn (file: KernelFile): number | null {
  try {
    const text = file.text()
    return text === null ? null : valueOf(text, 'oom_kill')
  } catch {
    // The cgroup above was removed too. The next one under its path starts at 0, and its file has to be opened anew.
    file.close()
    return null
  }
}

/** A kill that no living container counted may belong to one that ends within this time. */
const MEMORY_MS = 1000

/** Kills that one witness counted and no container's own count explains. */
export class UnexplainedKills {
  #total: number | null = null
  #balance = 0
  #changedMs = -Infinity

  /** `null`: the witness's count cannot be read. */
  get count (): number | null { return this.#total === null ? null : Math.max(0, this.#balance) }

  /** `explained`: kills that containers counted themselves since the last update. */
  update (total: number | null, explained: number, nowMs: number): void {
    const rise = total === null || this.#total === null ? 0 : Math.max(0, total - this.#total)
    this.#total = total
    if (nowMs - this.#changedMs > MEMORY_MS) this.#balance = 0
    if (rise === 0 && explained === 0) return
    this.#balance += rise - explained
    this.#changedMs = nowMs
  }

  take (kills: number): void { this.#balance -= kills }
}
