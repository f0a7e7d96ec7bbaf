import type { CgroupVersion, Limits } from '#cgroup/reading.ts'
import type { RecordedSeries } from '#lab/wire/experiments.ts'

/** `oom`: what tells for whose limit was killed; nobody needs it over time. */
type Named = RecordedSeries | 'oom' | keyof Pick<Limits, 'cpuMax' | 'memoryMaxBytes' | 'pidsMax'>

/** The file and the key a value was read from: on v2, and on v1 (where a hybrid host has its controllers). */
const names: Record<Named, [v2: string, v1: string]> = {
  cpuUsageUs: ['cpu.stat usage_usec', 'cpuacct.usage'],
  nrPeriods: ['cpu.stat nr_periods', 'cpu.stat nr_periods'],
  nrThrottled: ['cpu.stat nr_throttled', 'cpu.stat nr_throttled'],
  throttledUs: ['cpu.stat throttled_usec', 'cpu.stat throttled_time'],
  memoryBytes: ['memory.current', 'memory.usage_in_bytes'],
  peakBytes: ['memory.peak', 'memory.max_usage_in_bytes'],
  workingSetBytes: ['memory.current - memory.stat inactive_file', 'memory.usage_in_bytes - memory.stat total_inactive_file'],
  anonBytes: ['memory.stat anon', 'memory.stat total_rss'],
  fileBytes: ['memory.stat file', 'memory.stat total_cache'],
  shmemBytes: ['memory.stat shmem', 'memory.stat total_shmem'],
  inactiveFileBytes: ['memory.stat inactive_file', 'memory.stat total_inactive_file'],
  oomKill: ['memory.events oom_kill', 'memory.oom_control oom_kill'],
  oom: ['memory.events oom', 'memory.failcnt, memory.max_usage_in_bytes'],
  memoryLimitHits: ['memory.events max', 'memory.failcnt'],
  pids: ['pids.current', 'pids.current'],
  pidsLimitHits: ['pids.events max', 'pids.events max'],
  cpuSomeUs: ['cpu.pressure some', 'cpu.pressure some'],
  cpuMax: ['cpu.max', 'cpu.cfs_quota_us'],
  memoryMaxBytes: ['memory.max', 'memory.limit_in_bytes'],
  pidsMax: ['pids.max', 'pids.max']
}

export function kernelName (value: Named, version: CgroupVersion): string {
  return names[value][version === 'v2' ? 0 : 1]
}
