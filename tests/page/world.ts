/**
 * Five containers that are not there, and what a lab would say about them: numbers like those of the real stack at rest,
 * and the same reactions to jobs. Made for looking at the page, not for learning about limits.
 */
import type { Beliefs, ContainerView, History, HistorySeries, LabEvent, Sample } from '../../services/lab/wire.ts'

const MIB = 1024 ** 2
export const HZ = 4
const STEP_SECONDS = 1 / HZ
export const HOST = { cpus: 8, memoryBytes: 16_384 * MIB - 412 * MIB }

interface Model {
  id: string
  service: string
  name: string
  cores: number | null
  memoryBytes: number | null
  pids: number | null
  restCores: number
  anonMib: number
  fileMib: number
  tasks: number
  wantedCores: number
  wantedMib: number
  wantedFileMib: number
  wantedTasks: number
  goneUntil: number
  killedAt: number
  backAt: number
  peakBytes: number
  restarts: number
  oomKills: number
  usageSeconds: number
  periods: number
  throttled: number
}

type Spec = [service: string, copies: number, cores: number | null, mib: number | null, pids: number | null, restCores: number, anonMib: number, fileMib: number, tasks: number]
const stack: Spec[] = [
  ['api', 1, 0.5, 256, 128, 0.02, 48, 14, 13],
  ['worker', 2, 0.5, 256, 128, 0.03, 62, 18, 24],
  ['postgres', 1, 0.5, 256, 128, 0.01, 21, 74, 11],
  ['redis', 1, 0.25, 128, 64, 0.01, 9, 6, 7],
  ['lab', 1, null, null, 128, 0.06, 55, 20, 12]
]

export class World {
  readonly events: LabEvent[] = []
  readonly samples: Sample[] = []
  readonly #models: Model[]
  readonly #hasPressure: boolean
  #seconds = 0
  #lastEvent = 0

  constructor (version: 'v1' | 'v2') {
    this.#hasPressure = version === 'v2'
    this.#models = stack.flatMap(([service, copies, cores, mib, pids, restCores, anonMib, fileMib, tasks]) =>
      Array.from({ length: copies }, (_, i) => model(service, i + 1, { cores, memoryBytes: mib === null ? null : mib * MIB, pids, restCores, anonMib, fileMib, tasks })))
  }

  get seconds (): number { return this.#seconds }

  /** Something is asked of a container; `null` gives it back to rest. */
  want (service: string, number: number, load: { cores?: number, mib?: number, fileMib?: number, tasks?: number } | null): void {
    const one = this.#find(service, number)
    one.wantedCores = load?.cores ?? 0
    one.wantedMib = load?.mib ?? 0
    one.wantedFileMib = load?.fileMib ?? one.wantedFileMib
    one.wantedTasks = load?.tasks ?? 0
  }

  restart (service: string, number: number, seconds: number): void {
    this.#find(service, number).goneUntil = this.#seconds + seconds
  }

  /** A quarter of a second later. */
  step (atMs: number): Sample {
    this.#seconds += STEP_SECONDS
    const at = new Date(atMs).toISOString()
    const sample = { at, seq: this.samples.length + 1, containers: this.#models.map(one => this.#live(one, at)) }
    this.samples.push(sample)
    if (this.samples.length > 15 * 60 * HZ) this.samples.shift()
    return sample
  }

  history (): History {
    const series = (id: string, read: (view: ContainerView) => number | null) =>
      this.samples.map(({ containers }) => { const view = containers.find(view => view.id === id); return view ? read(view) : null })
    return {
      at: this.samples.map(({ at }) => Date.parse(at) / 1000),
      containers: this.samples.at(-1)!.containers.map(({ id, service, name, effective }) => ({
        id,
        service,
        name,
        effective,
        series: Object.fromEntries(Object.entries(columns).map(([name, read]) => [name, series(id, read)])) as Record<HistorySeries, Array<number | null>>
      }))
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
    if (one.goneUntil > this.#seconds) { one.backAt = -1; return gone(one) }
    if (one.backAt === -1) {
      one.backAt = this.#seconds
      one.restarts++
      Object.assign(one, { peakBytes: 0, usageSeconds: 0, periods: 0, throttled: 0, fileMib: Math.min(one.fileMib, 8) })
      this.#tell(at, one, 'restarted', `back after a restart: a new cgroup at the same path, counters from 0; restarts since the lab started: ${one.restarts}`, null)
    }
    grow(one)
    if (one.memoryBytes !== null && one.anonMib * MIB > one.memoryBytes * 0.96) this.#kill(one, at)
    return look(one, this.#seconds, this.#hasPressure)
  }

  #kill (one: Model, at: string): void {
    one.oomKills++
    one.killedAt = this.#seconds
    one.peakBytes = one.memoryBytes!
    one.anonMib = 60
    one.wantedMib = 0
    const mib = one.memoryBytes! / MIB
    this.#tell(at, one, 'oom_kill', `killed by its own memory limit: oom_kill +1, peak = ${mib} MiB of ${mib} MiB, victim: a child`,
      { kills: 1, peakBytes: one.memoryBytes, limitBytes: one.memoryBytes, victim: 'child' })
  }

  #tell (at: string, { id, service, name }: Model, kind: LabEvent['kind'], text: string, oom: LabEvent['oom']): void {
    this.events.push({ id: ++this.#lastEvent, at, kind, containerId: id, service, name, text, oom })
  }
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

function model (service: string, number: number, limits: Pick<Model, 'cores' | 'memoryBytes' | 'pids' | 'restCores' | 'anonMib' | 'fileMib' | 'tasks'>): Model {
  const id = [...`${service}${number}`].map(letter => letter.charCodeAt(0).toString(16)).join('').padEnd(64, '7c')
  return {
    ...limits,
    id,
    service,
    name: `limits-lab-${service}-${number}`,
    wantedCores: 0,
    wantedMib: 0,
    wantedFileMib: limits.fileMib,
    wantedTasks: 0,
    goneUntil: 0,
    killedAt: -100,
    backAt: 0,
    peakBytes: 0,
    restarts: 0,
    oomKills: 0,
    usageSeconds: 0,
    periods: 0,
    throttled: 0
  }
}

/** Memory follows what is asked, in steps that a process could make. */
function grow (one: Model): void {
  const rest = stack.find(([service]) => service === one.service)!
  one.anonMib += towards(rest[6] + one.wantedMib - one.anonMib, one.wantedMib > 0 ? 22 : 40) + (Math.random() - 0.5) * 0.4
  const room = one.memoryBytes === null ? Infinity : one.memoryBytes / MIB * 0.985 - one.anonMib - 9
  one.fileMib = Math.min(room, one.fileMib + towards(one.wantedFileMib - one.fileMib, 30))
}

function towards (difference: number, most: number): number {
  return Math.max(-most, Math.min(most, difference))
}

function gone (one: Model): ContainerView {
  return { ...look(one, 0, false), mood: 'gone', limits: noLimits, effective: null, ...nothing() }
}

function look (one: Model, seconds: number, hasPressure: boolean): ContainerView {
  const wanted = one.restCores * (0.4 + Math.random() * 1.3) + one.wantedCores
  const cores = Math.min(wanted, (one.cores ?? 8) * (0.985 + Math.random() * 0.03))
  const isThrottled = one.cores !== null && wanted > one.cores
  const share = isThrottled ? Math.min(1, 1 - one.cores! / wanted * (0.9 + Math.random() * 0.2)) : 0
  one.usageSeconds += cores * STEP_SECONDS
  one.periods += one.cores === null ? 0 : 2
  one.throttled += Math.round(share * 2)
  const anonBytes = Math.round(one.anonMib * MIB)
  const fileBytes = Math.round(one.fileMib * MIB)
  const kernelBytes = Math.round((4.2 + one.tasks * 0.11) * MIB)
  const currentBytes = anonBytes + fileBytes + kernelBytes + Math.round(0.6 * MIB)
  const inactiveFileBytes = Math.round(fileBytes * 0.62)
  one.peakBytes = Math.max(one.peakBytes, currentBytes)
  const pids = Math.min(one.pids ?? 1e9, one.tasks + one.wantedTasks)
  const isNear = (one.memoryBytes !== null && currentBytes - inactiveFileBytes > one.memoryBytes * 0.9) || (one.pids !== null && pids > one.pids * 0.9)
  const mood = one.restarts > 0 && seconds - one.backAt < 2
    ? 'restarting'
    : seconds - one.killedAt < 4 ? 'oom_killed' : isNear ? 'near_limit' : isThrottled ? 'throttled' : 'calm'
  return {
    id: one.id,
    service: one.service,
    name: one.name,
    number: Number(one.name.slice(-1)),
    mood,
    limits: { ...noLimits, cpuMax: { quotaUs: one.cores === null ? 'max' : one.cores * 100_000, periodUs: 100_000 }, memoryMaxBytes: one.memoryBytes ?? 'max', pidsMax: one.pids ?? 'max' },
    effective: {
      cpuCores: one.cores === null ? { cores: HOST.cpus, from: 'host' } : { cores: one.cores, from: 'own' },
      memory: one.memoryBytes === null ? { bytes: HOST.memoryBytes, from: 'host' } : { bytes: one.memoryBytes, from: 'own' },
      swap: { bytes: 0, from: 'own' },
      pids: one.pids === null ? null : { max: one.pids, from: 'own' }
    },
    cpu: {
      usageSecondsTotal: one.usageSeconds,
      cores,
      userCores: cores * 0.8,
      systemCores: cores * 0.2,
      shareOfLimit: cores / (one.cores ?? HOST.cpus),
      throttling: one.cores === null ? 'not_measured' : isThrottled ? 'throttled' : 'not_throttled',
      throttledShare: one.cores === null ? null : share,
      throttledSecondsPerSecond: one.cores === null ? null : share * 0.5,
      nrPeriodsTotal: one.cores === null ? null : one.periods,
      nrThrottledTotal: one.cores === null ? null : one.throttled
    },
    memory: {
      currentBytes,
      peakBytes: one.peakBytes,
      workingSetBytes: currentBytes - inactiveFileBytes,
      anonBytes,
      fileBytes,
      kernelBytes,
      shmemBytes: 0,
      activeFileBytes: fileBytes - inactiveFileBytes,
      inactiveFileBytes,
      swapCurrentBytes: 0,
      shareOfLimit: currentBytes / (one.memoryBytes ?? HOST.memoryBytes),
      limitHitsTotal: 0
    },
    pids: { current: pids, peak: pids, limitHitsTotal: 0, shareOfLimit: one.pids === null ? null : pids / one.pids },
    io: { readBytesPerSecond: 0, writeBytesPerSecond: 0 },
    pressure: hasPressure
      ? { cpu: pressure(share * 0.95 + Math.random() * 0.01), memory: pressure(isNear ? 0.2 + Math.random() * 0.2 : 0), io: pressure(Math.random() * 0.008) }
      : { cpu: null, memory: null, io: null },
    restarts: one.restarts,
    oomKills: one.oomKills,
    firstSeenAt: '2026-01-01T00:00:00.000Z'
  }
}

function pressure (someShare: number) {
  return { someShare, fullShare: someShare * 0.8 }
}

const noLimits: ContainerView['limits'] = {
  cpuMax: null, cpuWeight: null, cpuShares: null, cpusetCpus: null, memoryMaxBytes: null, memoryHighBytes: null, memoryLowBytes: null, swapMaxBytes: null, rawSwapMaxBytes: null, pidsMax: null
}

function nothing (): Pick<ContainerView, 'cpu' | 'memory' | 'pids' | 'io'> {
  return {
    cpu: {
      usageSecondsTotal: null, cores: null, userCores: null, systemCores: null, shareOfLimit: null, throttling: 'not_measured', throttledShare: null, throttledSecondsPerSecond: null, nrPeriodsTotal: null, nrThrottledTotal: null
    },
    memory: {
      currentBytes: null, peakBytes: null, workingSetBytes: null, anonBytes: null, fileBytes: null, kernelBytes: null, shmemBytes: null, activeFileBytes: null, inactiveFileBytes: null, swapCurrentBytes: null, shareOfLimit: null, limitHitsTotal: null
    },
    pids: { current: null, peak: null, limitHitsTotal: null, shareOfLimit: null },
    io: { readBytesPerSecond: null, writeBytesPerSecond: null }
  }
}
