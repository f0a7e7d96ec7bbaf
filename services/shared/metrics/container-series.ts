import type { CpuMax, Limit, Reading } from '#cgroup/reading.ts'

/** `untyped` means that the type is not declared; PromQL works on the numbers and needs no type. */
export type SeriesType = 'counter' | 'gauge' | 'untyped'

/**
 * One number of a reading, under the name, type and unit that cAdvisor gives it. If `value` returns `null`, the series
 * is left out.
 */
export interface Series {
  name: string
  type: SeriesType
  help: string
  labels?: Record<string, string>
  value: (reading: Reading) => number | null
}

const PERIOD_HELP = 'CFS periods in which the container was active'

/** https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md */
export const containerSeries: Series[] = [
  counter('container_cpu_usage_seconds_total', 'CPU time used.', r => seconds(r.cpu.usageUs), { cpu: 'total' }),
  counter('container_cpu_user_seconds_total', 'CPU time used in user mode.', r => seconds(r.cpu.userUs)),
  counter('container_cpu_system_seconds_total', 'CPU time used in the kernel.', r => seconds(r.cpu.systemUs)),
  counter('container_cpu_cfs_periods_total', `${PERIOD_HELP}.`, r => withQuota(r, r.cpu.nrPeriods)),
  counter('container_cpu_cfs_throttled_periods_total', `${PERIOD_HELP} and was throttled.`, r =>
    withQuota(r, r.cpu.nrThrottled)
  ),
  counter('container_cpu_cfs_throttled_seconds_total', 'Time throttled, summed over CPUs.', r =>
    withQuota(r, seconds(r.cpu.throttledUs))
  ),
  counter('container_cpu_cfs_burst_periods_total', `${PERIOD_HELP} and used saved-up burst.`, r =>
    withQuota(r, r.cpu.nrBursts)
  ),
  counter('container_cpu_cfs_burst_seconds_total', 'CPU time used above the quota by bursting.', r =>
    withQuota(r, seconds(r.cpu.burstUs))
  ),
  gauge('container_spec_cpu_period', 'CFS period in microseconds.', r => r.limits.cpuMax?.periodUs ?? null),
  gauge('container_spec_cpu_quota', 'CPU microseconds allowed per period; absent without a limit.', r => finiteQuota(r.limits.cpuMax)),
  gauge('container_spec_cpu_shares', 'CPU shares.', r => r.limits.cpuShares ?? sharesOf(r.limits.cpuWeight)),

  gauge('container_memory_usage_bytes', 'Memory charged to the container, page cache included.', r => r.memory.currentBytes),
  gauge('container_memory_working_set_bytes', 'Usage less inactive page cache.', r => r.memory.workingSetBytes),
  gauge('container_memory_rss', 'Anonymous memory (not the RSS of processes: mapped files are not in it).', r => r.memory.anonBytes),
  gauge('container_memory_cache', 'Page cache, tmpfs included.', r => r.memory.fileBytes),
  gauge('container_memory_mapped_file', 'Page cache that is mapped.', r => r.memory.fileMappedBytes),
  gauge('container_memory_swap', 'Swap used.', r => r.memory.swapCurrentBytes),
  gauge('container_memory_kernel_usage', 'Kernel memory.', r => r.memory.kernelBytes),
  gauge('container_memory_max_usage_bytes', 'Highest usage since the container started.', r => r.memory.peakBytes),
  gauge('container_memory_total_active_file_bytes', 'Page cache in recent use.', r => r.memory.activeFileBytes),
  gauge('container_memory_total_inactive_file_bytes', 'Page cache not in recent use: reclaimed first.', r => r.memory.inactiveFileBytes),
  gauge('container_memory_file_dirty_bytes', 'Page cache not yet written to disk.', r => r.memory.fileDirtyBytes),
  gauge('container_memory_file_writeback_bytes', 'Page cache being written to disk.', r => r.memory.fileWritebackBytes),
  gauge('container_spec_memory_limit_bytes', 'Memory limit; 0 = none.', r => zeroForNone(r.limits.memoryMaxBytes)),
  gauge('container_spec_memory_reservation_limit_bytes', 'Memory reservation; 0 = none, absent where all memory is protected.', reservation),
  gauge('container_spec_memory_swap_limit_bytes', 'Swap limit as the kernel has it: swap alone (cgroup v2), memory and swap (v1); 0 = none.', r => zeroForNone(r.limits.rawSwapMaxBytes)),
  untyped('container_memory_failcnt', 'How often usage met the limit. Not a count of kills.', r => r.memory.events.max),
  counter('container_memory_failures_total', 'Page faults.', r => r.memory.pgfault, {
    failure_type: 'pgfault',
    scope: 'container'
  }),
  counter('container_memory_failures_total', 'Page faults.', r => r.memory.pgfault, {
    failure_type: 'pgfault',
    scope: 'hierarchy'
  }),
  counter('container_memory_failures_total', 'Page faults.', r => r.memory.pgmajfault, {
    failure_type: 'pgmajfault',
    scope: 'container'
  }),
  counter('container_memory_failures_total', 'Page faults.', r => r.memory.pgmajfault, {
    failure_type: 'pgmajfault',
    scope: 'hierarchy'
  }),
  counter('container_memory_events_high_total', 'How often usage was above memory.high.', r =>
    onV2(r, r.memory.events.high)
  ),
  counter('container_memory_events_max_total', 'How often usage was about to pass memory.max.', r =>
    onV2(r, r.memory.events.max)
  ),
  counter(
    'container_oom_events_total',
    'Processes of the container that an OOM killer ended, for its own memory limit or another.',
    r => r.memory.events.oomKill
  ),

  gauge('container_threads', 'Tasks: threads, not processes.', r => r.pids.current),
  gauge('container_threads_max', 'Limit of tasks; 0 = none.', r => zeroForNone(r.limits.pidsMax)),
  gauge('container_processes', 'Processes.', r => r.pids.processes),

  pressure('cpu', 'waiting'), pressure('cpu', 'stalled'),
  pressure('memory', 'waiting'), pressure('memory', 'stalled'),
  pressure('io', 'waiting'), pressure('io', 'stalled'),

  gauge('limits_lab_cpu_weight', 'CPU weight (cgroup v2).', r => r.limits.cpuWeight),
  gauge('limits_lab_cpuset_cpus', 'CPUs the container may run on.', r => r.limits.cpusetCpus),
  gauge('limits_lab_swap_limit_bytes', 'Swap limit, swap alone on every cgroup version; absent without a limit.', r => finite(r.limits.swapMaxBytes)),
  gauge('limits_lab_pids_peak', 'Most tasks at once.', r => r.pids.peak),
  counter('limits_lab_pids_limit_hits_total', 'Forks refused by the limit of tasks.', r => r.pids.limitHits)
]

type Value = Series['value']

function counter (name: string, help: string, value: Value, labels?: Record<string, string>): Series {
  return { name, type: 'counter', help, value, ...(labels && { labels }) }
}

function gauge (name: string, help: string, value: Value): Series {
  return { name, type: 'gauge', help, value }
}

/**
 * A counter under cAdvisor's name, which dates from before their names ended in `_total`. Dashboards use that name, so
 * it stays. `promtool check metrics` refuses it as a counter, and it is no gauge.
 */
function untyped (name: string, help: string, value: Value): Series {
  return { name, type: 'untyped', help, value }
}

/** cAdvisor's words: waiting = some (at least one task waited), stalled = full (all of them did). */
function pressure (resource: 'cpu' | 'memory' | 'io', kind: 'waiting' | 'stalled'): Series {
  const line = kind === 'waiting' ? 'some' : 'full'
  const help = `Time in which ${line === 'some' ? 'some task' : 'every task'} waited for ${resource}.`
  return counter(`container_pressure_${resource}_${kind}_seconds_total`, help,
    r => seconds(r.pressure[resource]?.[line]?.totalUs ?? null))
}

function seconds (us: number | null): number | null {
  return us === null ? null : us / 1e6
}

function finite (limit: Limit): number | null {
  return limit === 'max' ? null : limit
}

/** Returns cAdvisor's 0 for "unlimited". Alerts rely on it: they divide by `(… > 0)`. */
function zeroForNone (limit: Limit): number | null {
  return limit === 'max' ? 0 : limit
}

/**
 * The same word means the opposite on v1 and v2. On v2 a memory.low of `max` protects all memory of the cgroup, however
 * much that is, and cAdvisor has no number for that. On v1 a soft limit of "no limit" is never enforced, and so
 * reserves nothing.
 */
function reservation ({ version, limits: { memoryLowBytes } }: Reading): number | null {
  return version === 'v2' ? finite(memoryLowBytes) : zeroForNone(memoryLowBytes)
}

function finiteQuota (cpuMax: CpuMax | null): number | null {
  return cpuMax === null || cpuMax.quotaUs === 'max' ? null : cpuMax.quotaUs
}

/** Only a container with a quota has the cfs family. */
function withQuota (reading: Reading, value: number | null): number | null {
  return finiteQuota(reading.limits.cpuMax) === null ? null : value
}

function onV2 (reading: Reading, value: number | null): number | null {
  return reading.version === 'v2' ? value : null
}

/**
 * Computes shares from a weight: the inverse of the formula that runc has used since 1.3.2 (weight 100 = 1024 shares).
 * Several shares have the same weight; this returns the largest of them. https://github.com/opencontainers/cgroups
 */
export function sharesOf (weight: number | null): number | null {
  if (weight === null) return null
  if (weight <= 1) return 2
  if (weight >= 10_000) return 262_144
  const root = Math.sqrt(15_625 + 2448 * (Math.log10(weight) + 7 / 34))
  return Math.floor(2 ** ((root - 125) / 2) + 1e-6)
}
