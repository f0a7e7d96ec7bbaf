/** Which files of a cgroup hold a limit, and what the kernel takes in them. */
import type { ContainerLimits, LimitValue } from '#shared/limits/change.ts'
import type { ProcessLimits } from './compose-file.ts'

type Version = 'v1' | 'v2'

const PERIOD_US = 100_000

export interface LimitFile {
  /** On v1, the hierarchy that the file is in. */
  controller: 'memory' | 'cpu' | 'pids'
  /** The limit that it is a part of. */
  limit: keyof ProcessLimits
  name: string
  value: string
  /** Not every kernel has this file, and the limit works without it. */
  isOptional?: boolean
}

/** The kernel refused a limit. Its own error names neither the file nor the value. */
export class LimitRefused extends Error {
  override name = 'LimitRefused'
  readonly limit: keyof ProcessLimits

  constructor ({ limit, name, value }: LimitFile, cause: NodeJS.ErrnoException) {
    super(`the kernel refuses ${JSON.stringify(value)} in ${name} (${cause.code})`, { cause })
    this.limit = limit
  }
}

/**
 * The files that set these limits, in the order in which they must be written. Swap is switched off, or the memory
 * limit would not be one. Kernel: cgroup-v2.rst; cgroup-v1/memory.rst; scheduler/sched-bwc.rst.
 */
export function limitFiles (version: Version, { cpus, memoryBytes, pids }: ProcessLimits): LimitFile[] {
  return [
    ...(memoryBytes === null ? [] : memoryFiles(version, memoryBytes, memoryBytes)),
    ...(cpus === null ? [] : cpuFiles(version, cpus)),
    ...(pids === null ? [] : [pidsFile(pids)])
  ]
}

/** The files that lead from the limits that are to others, in the order in which they must be written. */
export function changeFiles (version: Version, to: ContainerLimits, now: ContainerLimits): LimitFile[] {
  const isMemorySame = to.memoryBytes === now.memoryBytes && to.memoryAndSwapBytes === now.memoryAndSwapBytes
  const memory = isMemorySame ? [] : memoryFiles(version, to.memoryBytes, to.memoryAndSwapBytes)
  return [
    // v1 refuses a limit of memory above that of memory and swap together, which therefore comes first on the way up.
    ...(isMore(to.memoryBytes, now.memoryBytes) ? memory.toReversed() : memory),
    ...(to.cpus === now.cpus ? [] : cpuFiles(version, to.cpus)),
    ...(to.pids === now.pids ? [] : [pidsFile(to.pids)])
  ]
}

function isMore (to: LimitValue, from: LimitValue): boolean {
  return from !== 'max' && (to === 'max' || to > from)
}

/** v2 counts swap alone; v1 counts it together with memory, and never below the limit of memory. */
function memoryFiles (version: Version, memoryBytes: LimitValue, memoryAndSwapBytes: LimitValue): LimitFile[] {
  const isLimited = memoryBytes !== 'max' && memoryAndSwapBytes !== 'max'
  const swapBytes = isLimited ? memoryAndSwapBytes - memoryBytes : 'max'
  const file = { controller: 'memory', limit: 'memoryBytes' } as const
  if (version === 'v2') {
    return [
      { ...file, name: 'memory.max', value: String(memoryBytes) },
      { ...file, name: 'memory.swap.max', value: String(swapBytes), isOptional: true }
    ]
  }
  return [
    { ...file, name: 'memory.limit_in_bytes', value: v1Value(memoryBytes) },
    { ...file, name: 'memory.memsw.limit_in_bytes', value: v1Value(memoryAndSwapBytes), isOptional: true }
  ]
}

function cpuFiles (version: Version, cpus: LimitValue): LimitFile[] {
  const file = { controller: 'cpu', limit: 'cpus' } as const
  const quotaUs = cpus === 'max' ? 'max' : Math.round(cpus * PERIOD_US)
  if (version === 'v2') return [{ ...file, name: 'cpu.max', value: `${quotaUs} ${PERIOD_US}` }]
  return [
    { ...file, name: 'cpu.cfs_period_us', value: String(PERIOD_US) },
    { ...file, name: 'cpu.cfs_quota_us', value: v1Value(quotaUs) }
  ]
}

function pidsFile (pids: LimitValue): LimitFile {
  return { controller: 'pids', limit: 'pids', name: 'pids.max', value: String(pids) }
}

function v1Value (value: LimitValue): string { return value === 'max' ? '-1' : String(value) }
