/**
 * Simulated containers, and what a lab would report about them. The numbers are like those of the real stack at rest,
 * and react to jobs as it does. They are made for looking at the page, not for learning about limits.
 */
import {
  historySeries, type Beliefs, type ContainerView, type History, type HistorySeries, type LabEvent, type Sample
} from '#lab/wire/live.ts'
import type { ContainerLimits, LimitValue } from '#lab/wire/limits.ts'
import type { ReplayMoment } from './clock.ts'
import { gone, look } from './look.ts'
import { grow, HOST, HZ, MIB, models, STEP_SECONDS, type Model } from './model.ts'

/** What is asked of a container, beyond what it uses at rest. */
export interface Usage { cores?: number, mib?: number, fileMib?: number, tasks?: number }

export class World {
  readonly events: LabEvent[] = []
  readonly #models: Model[]
  readonly #hasPressure: boolean
  readonly #workers: number
  /** The last quarter of an hour. */
  readonly #past: Past[] = []
  #newest: Sample | null = null
  #seconds = 0
  #seq = 0
  #lastEvent = 0

  constructor (version: 'v1' | 'v2', workers: number) {
    this.#hasPressure = version === 'v2'
    this.#workers = workers
    this.#models = models(workers)
  }

  get seconds (): number { return this.#seconds }
  get workers (): number { return this.#workers }

  /** Makes a container use this much; `null` puts it back to rest. */
  want (service: string, number: number, load: Usage | null): void {
    const one = this.#find(service, number)
    one.wantedCores = load?.cores ?? 0
    one.wantedMib = load?.mib ?? 0
    one.wantedFileMib = load?.fileMib ?? one.wantedFileMib
    one.wantedTasks = load?.tasks ?? 0
  }

  /** Of every container of a service. */
  limit (service: string, { memoryBytes, cpus, pids }: ContainerLimits): void {
    const orNone = (value: LimitValue): number | null => value === 'max' ? null : value
    for (const one of this.#models.filter(one => one.service === service)) {
      Object.assign(one, { memoryBytes: orNone(memoryBytes), cores: orNone(cpus), pids: orNone(pids) })
    }
  }

  limitsOf (service: string): ContainerLimits {
    const { memoryBytes, cores, pids } = this.#find(service, 1)
    const memory = memoryBytes ?? 'max'
    return { memoryBytes: memory, memoryAndSwapBytes: memory, cpus: cores ?? 'max', pids: pids ?? 'max' }
  }

  restart (service: string, number: number, seconds: number): void {
    this.#find(service, number).goneUntil = this.#seconds + seconds
  }

  /** Goes on by a quarter of a second. */
  step ({ atMs, uptimeSeconds }: ReplayMoment): Sample {
    this.#seconds += STEP_SECONDS
    const at = new Date(atMs).toISOString()
    const sample = { at, seq: ++this.#seq, uptimeSeconds, containers: this.#models.map(one => this.#live(one, at)) }
    this.#newest = sample
    this.#past.push({ uptimeSeconds, values: sample.containers.map(valuesOf) })
    if (this.#past.length > 15 * 60 * HZ) this.#past.shift()
    return sample
  }

  history (): History {
    const series = (container: number) => Object.fromEntries(historySeries.map((name, i) =>
      [name, this.#past.map(({ values }) => values[container]![i]!)])) as Record<HistorySeries, Array<number | null>>
    const { at, seq, uptimeSeconds, containers } = this.#newest!
    return {
      newest: { at, seq, uptimeSeconds },
      at: this.#past.map(past => Date.parse(at) / 1000 - (uptimeSeconds - past.uptimeSeconds)),
      containers: containers.map(({ id, service, name, effective }, i) =>
        ({ id, service, name, effective, limitSteps: [], series: series(i) }))
    }
  }

  beliefs (): Beliefs[] {
    return ['api', 'worker', 'lab'].map(service => {
      const { id, memoryBytes } = this.#find(service, 1)
      return {
        service,
        hostname: id.slice(0, 12),
        cpus: HOST.cpus,
        availableParallelism: this.#hasPressure && service !== 'lab' ? 1 : HOST.cpus,
        totalMemoryBytes: HOST.memoryBytes,
        constrainedMemoryBytes: memoryBytes ?? 'max',
        heapLimitBytes: (service === 'lab' ? 4144 : service === 'api' ? 259 : 131) * MIB
      }
    })
  }

  #find (service: string, number: number): Model {
    return this.#models.find(one => one.service === service && one.name.endsWith(`-${number}`))!
  }

  #live (one: Model, at: string): ContainerView {
    if (one.goneUntil > this.#seconds) {
      one.backAt = -1
      return gone(one)
    }
    if (one.backAt === -1) this.#comeBack(one, at)
    grow(one)
    if (one.memoryBytes !== null && one.anonMib * MIB > one.memoryBytes * 0.96) this.#kill(one, at)
    return look(one, this.#seconds, this.#hasPressure)
  }

  #comeBack (one: Model, at: string): void {
    one.backAt = this.#seconds
    one.restarts++
    Object.assign(one, { peakBytes: 0, usageSeconds: 0, periods: 0, throttled: 0, fileMib: Math.min(one.fileMib, 8) })
    this.#record(at, one, 'restarted', 'back after a restart: a new cgroup at the same path, counters from 0; ' +
      `restarts since the lab started: ${one.restarts}`, null)
  }

  #kill (one: Model, at: string): void {
    one.oomKills++
    one.killedAt = this.#seconds
    one.peakBytes = one.memoryBytes!
    one.anonMib = 60
    one.wantedMib = 0
    const mib = one.memoryBytes! / MIB
    this.#record(at, one, 'oom_kill', 'killed by its own memory limit (oom +1): oom_kill +1, ' +
      `peak = ${mib} MiB of ${mib} MiB, victim: a child`, {
      kills: 1,
      cause: 'own_limit',
      peakBytes: one.memoryBytes,
      peakFrom: 'kernel',
      limitBytes: one.memoryBytes,
      victim: 'child'
    })
  }

  #record (
    at: string, { id, service, name }: Model, kind: LabEvent['kind'], text: string, oom: LabEvent['oom']
  ): void {
    this.events.push({ id: ++this.#lastEvent, at, kind, containerId: id, service, name, text, oom })
  }
}

/** One moment: for each container the values of `historySeries`. */
interface Past { uptimeSeconds: number, values: Array<Array<number | null>> }

function valuesOf (view: ContainerView): Array<number | null> {
  return historySeries.map(name => columns[name](view))
}

const columns: Record<HistorySeries, (view: ContainerView) => number | null> = {
  cpuCores: view => view.cpu.cores,
  throttledShare: view => view.cpu.throttledShare,
  memoryBytes: view => view.memory.currentBytes,
  workingSetBytes: view => view.memory.workingSetBytes,
  anonBytes: view => view.memory.anonBytes,
  fileBytes: view => view.memory.fileBytes,
  pids: view => view.pids.current,
  cpuPressureShare: view => view.pressure.cpu?.someShare ?? null,
  memoryPressureShare: view => view.pressure.memory?.someShare ?? null,
  ioPressureShare: view => view.pressure.io?.someShare ?? null
}
