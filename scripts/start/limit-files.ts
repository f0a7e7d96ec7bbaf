import type { ProcessLimits } from './compose-file.ts'

export interface LimitFile {
  /** Only on v1: which hierarchy it is in. */
  controller: 'memory' | 'cpu' | 'pids'
  /** Which limit it is a part of. */
  limit: keyof ProcessLimits
  name: string
  value: string
  /** Not every kernel has it, and without it the limit still is one. */
  isOptional?: boolean
}

export const PERIOD_US = 100_000

/**
 * What is written where. No swap, so that a memory limit is a limit: on v2 swap is counted alone, on v1 together with
 * memory (and can only be set after it). Kernel: cgroup-v2.rst; cgroup-v1/memory.rst; scheduler/sched-bwc.rst.
 */
export function limitFiles (version: 'v1' | 'v2', { cpus, memoryBytes, pids }: ProcessLimits): LimitFile[] {
  const files: LimitFile[] = []
  if (memoryBytes !== null) {
    files.push({ controller: 'memory', limit: 'memoryBytes', name: version === 'v2' ? 'memory.max' : 'memory.limit_in_bytes', value: String(memoryBytes) })
    files.push(version === 'v2'
      ? { controller: 'memory', limit: 'memoryBytes', name: 'memory.swap.max', value: '0', isOptional: true }
      : { controller: 'memory', limit: 'memoryBytes', name: 'memory.memsw.limit_in_bytes', value: String(memoryBytes), isOptional: true })
  }
  if (cpus !== null) files.push(...cpuFiles(version, Math.round(cpus * PERIOD_US)))
  if (pids !== null) files.push({ controller: 'pids', limit: 'pids', name: 'pids.max', value: String(pids) })
  return files
}

function cpuFiles (version: 'v1' | 'v2', quotaUs: number): LimitFile[] {
  if (version === 'v2') return [{ controller: 'cpu', limit: 'cpus', name: 'cpu.max', value: `${quotaUs} ${PERIOD_US}` }]
  return [
    { controller: 'cpu', limit: 'cpus', name: 'cpu.cfs_period_us', value: String(PERIOD_US) },
    { controller: 'cpu', limit: 'cpus', name: 'cpu.cfs_quota_us', value: String(quotaUs) }
  ]
}
