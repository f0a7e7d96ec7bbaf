/** A simulated container: its limits, what it uses at rest, and what is asked of it. */
export const MIB = 1024 ** 2
export const HZ = 4
export const STEP_SECONDS = 1 / HZ
export const HOST = { cpus: 8, memoryBytes: 16_384 * MIB - 412 * MIB }

export interface Model {
  id: string
  service: string
  name: string
  number: number
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

type Spec = [
  service: string, copies: number, cores: number | null, mib: number | null, pids: number | null,
  restCores: number, anonMib: number, fileMib: number, tasks: number
]

const stack: Spec[] = [
  ['api', 1, 0.5, 256, 128, 0.02, 48, 14, 13],
  ['worker', 2, 0.5, 256, 128, 0.03, 62, 18, 24],
  ['postgres', 1, 0.5, 256, 128, 0.01, 21, 74, 11],
  ['redis', 1, 0.25, 128, 64, 0.01, 9, 6, 7],
  ['lab', 1, null, null, 128, 0.06, 55, 20, 12]
]

/** All containers at rest, with this many of the worker. */
export function models (workers: number): Model[] {
  return stack.flatMap(([service, usual, cores, mib, pids, restCores, anonMib, fileMib, tasks]) => {
    const copies = service === 'worker' ? workers : usual
    const memoryBytes = mib === null ? null : mib * MIB
    const atRest = { cores, memoryBytes, pids, restCores, anonMib, fileMib, tasks }
    return Array.from({ length: copies }, (_, i) => model(service, i + 1, atRest))
  })
}

type AtRest = Pick<Model, 'cores' | 'memoryBytes' | 'pids' | 'restCores' | 'anonMib' | 'fileMib' | 'tasks'>

function model (service: string, number: number, limits: AtRest): Model {
  const id = Buffer.from(`${service}${number}`).toString('hex').padEnd(64, '7c')
  return {
    ...limits,
    id,
    service,
    name: `limits-lab-${service}-${number}`,
    number,
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

/** Memory approaches what is asked for, in steps that a process could make. */
export function grow (one: Model): void {
  const rest = stack.find(([service]) => service === one.service)!
  const step = towards(rest[6] + one.wantedMib - one.anonMib, one.wantedMib > 0 ? 22 : 40)
  one.anonMib += step + (Math.random() - 0.5) * 0.4
  const room = one.memoryBytes === null ? Infinity : one.memoryBytes / MIB * 0.985 - one.anonMib - 9
  one.fileMib = Math.min(room, one.fileMib + towards(one.wantedFileMib - one.fileMib, 30))
}

function towards (difference: number, most: number): number {
  return Math.max(-most, Math.min(most, difference))
}
