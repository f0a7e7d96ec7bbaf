import { readFileSync } from 'node:fs'
import type { Cgroup, Extent } from '#cgroup/cgroup.ts'
import { NoCgroup } from '#cgroup/locate.ts'
import type { EffectiveLimits, Limits, Reading } from '#cgroup/reading.ts'
import type { ScrapedContainer } from '#shared/metrics/container-text.ts'
import type { Identity } from './identity.ts'

/** The container this process runs in, seen from inside. */
export class OwnContainer {
  identity: Identity
  /** Why the container is not measured; `null`: it is. */
  readonly missing: string | null
  readonly #cgroup: Cgroup | null
  readonly #id: string
  #last: Reading | null = null
  readonly #startedAtMs = processStartMs(1)

  /** `containerId` is `null` where this is no container. */
  constructor (cgroup: Cgroup | NoCgroup, containerId: string | null, identity: Identity) {
    this.missing = cgroup instanceof NoCgroup ? cgroup.message : null
    this.#cgroup = cgroup instanceof NoCgroup ? null : cgroup
    this.#id = this.#cgroup === null ? '' : cgroupId(this.#cgroup.path, containerId)
    this.identity = identity
  }

  /** Whether a value could not be read or understood in the last reading. */
  get isFaulty (): boolean { return this.#cgroup !== null && this.#cgroup.faults().length > 0 }

  /** `null`: the container is not measured. */
  read (extent: Extent = 'full'): Reading | null {
    if (this.#cgroup === null) return null
    const reading = this.#last = this.#cgroup.read(this.#last, extent)
    if (reading === null) throw new Error(`the cgroup ${this.#cgroup.path} is gone, though this process runs in it`)
    return reading
  }

  /** `own` are the container's own limits, if they were just read. */
  effectiveLimits (own?: Limits): EffectiveLimits | null {
    return this.#cgroup?.effectiveLimits(own) ?? null
  }

  /** `null`: the container is not measured. */
  state (): ScrapedContainer | null {
    const reading = this.read()
    if (reading === null) return null
    return {
      identity: this.identity,
      id: this.#id,
      reading,
      effective: this.effectiveLimits(reading.limits),
      startedAtMs: this.#startedAtMs
    }
  }

  close (): void {
    this.#cgroup?.close()
  }
}

/**
 * cAdvisor's `id`: the path from the host's root. In a cgroup namespace of its own (cgroup v2) a container sees only
 * `/`; then this is the engine's default path for the id.
 */
function cgroupId (path: string, containerId: string | null): string {
  return path === '/' && containerId !== null ? `/docker/${containerId}` : path
}

/** USER_HZ: the unit of times in /proc/<pid>/stat, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/**
 * When a process started; PID 1 stands for the container. The times of a cgroup's directory do not show when it
 * started (kernfs sets them late).
 */
function processStartMs (pid: number): number | null {
  try {
    // Field 22, counted after the command's name, which may itself contain spaces and parentheses. proc(5).
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!
    const startTicks = Number(afterName.split(' ')[19])
    const bootTime = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1])
    return (bootTime + startTicks / TICKS_PER_SECOND) * 1000
  } catch {
    return null
  }
}
