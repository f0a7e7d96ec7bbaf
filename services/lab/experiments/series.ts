import type { CgroupVersion, Limits, Reading } from '#cgroup/reading.ts'
import type { RecordedSeries } from '#lab/wire/experiments.ts'

/** A value that a check may name: the file and the key it was read from. */
interface Named {
  v2: string
  /** On v1, and where a hybrid host has its controllers. */
  v1: string
}

/** A value that is recorded over time, too. */
interface Series extends Named { read: (reading: Reading) => number | null }

/** One row for each series of a recording. */
const series: Record<RecordedSeries, Series> = {
  cpuUsageUs: { v2: 'cpu.stat usage_usec', v1: 'cpuacct.usage', read: ({ cpu }) => cpu.usageUs },
  nrPeriods: { v2: 'cpu.stat nr_periods', v1: 'cpu.stat nr_periods', read: ({ cpu }) => cpu.nrPeriods },
  nrThrottled: { v2: 'cpu.stat nr_throttled', v1: 'cpu.stat nr_throttled', read: ({ cpu }) => cpu.nrThrottled },
  throttledUs: { v2: 'cpu.stat throttled_usec', v1: 'cpu.stat throttled_time', read: ({ cpu }) => cpu.throttledUs },
  memoryBytes: { v2: 'memory.current', v1: 'memory.usage_in_bytes', read: ({ memory }) => memory.currentBytes },
  peakBytes: { v2: 'memory.peak', v1: 'memory.max_usage_in_bytes', read: ({ memory }) => memory.peakBytes },
  workingSetBytes: {
    v2: 'memory.current - memory.stat inactive_file',
    v1: 'memory.usage_in_bytes - memory.stat total_inactive_file',
    read: ({ memory }) => memory.workingSetBytes
  },
  anonBytes: { v2: 'memory.stat anon', v1: 'memory.stat total_rss', read: ({ memory }) => memory.anonBytes },
  fileBytes: { v2: 'memory.stat file', v1: 'memory.stat total_cache', read: ({ memory }) => memory.fileBytes },
  shmemBytes: { v2: 'memory.stat shmem', v1: 'memory.stat total_shmem', read: ({ memory }) => memory.shmemBytes },
  inactiveFileBytes: {
    v2: 'memory.stat inactive_file',
    v1: 'memory.stat total_inactive_file',
    read: ({ memory }) => memory.inactiveFileBytes
  },
  oomKill: {
    v2: 'memory.events oom_kill',
    v1: 'memory.oom_control oom_kill',
    read: ({ memory }) => memory.events.oomKill
  },
  memoryLimitHits: { v2: 'memory.events max', v1: 'memory.failcnt', read: ({ memory }) => memory.events.max },
  pids: { v2: 'pids.current', v1: 'pids.current', read: ({ pids }) => pids.current },
  pidsLimitHits: { v2: 'pids.events max', v1: 'pids.events max', read: ({ pids }) => pids.limitHits },
  cpuSomeUs: {
    v2: 'cpu.pressure some',
    v1: 'cpu.pressure some',
    read: ({ pressure }) => pressure.cpu?.some?.totalUs ?? null
  }
}

/** Values that checks name, and that are not recorded over time. `oom` says for whose limit the kernel killed. */
const others: Record<'oom' | keyof Pick<Limits, 'cpuMax' | 'memoryMaxBytes' | 'pidsMax'>, Named> = {
  oom: { v2: 'memory.events oom', v1: 'memory.failcnt, memory.max_usage_in_bytes' },
  cpuMax: { v2: 'cpu.max', v1: 'cpu.cfs_quota_us' },
  memoryMaxBytes: { v2: 'memory.max', v1: 'memory.limit_in_bytes' },
  pidsMax: { v2: 'pids.max', v1: 'pids.max' }
}

const named: Record<keyof typeof series | keyof typeof others, Named> = { ...series, ...others }

/** The file and the key that a value is read from, as in `memory.events oom_kill`. */
export function kernelName (value: keyof typeof named, version: CgroupVersion): string {
  return named[value][version === 'v2' ? 'v2' : 'v1']
}

export function valueIn (reading: Reading, name: RecordedSeries): number | null {
  return series[name].read(reading)
}
