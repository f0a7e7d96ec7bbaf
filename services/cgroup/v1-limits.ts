/**
 * What the files of a v1 cgroup allow:
 *
 *     cpu.cfs_quota_us               50000                      us per period; -1 = no limit
 *     cpu.cfs_period_us              100000
 *     cpu.shares                     1024                       2–262144
 *     cpuset.effective_cpus          0-1
 *     memory.limit_in_bytes          67108864                   9223372036854771712 = no limit
 *     memory.memsw.limit_in_bytes    134217728                  memory and swap together
 *     memory.soft_limit_in_bytes     9223372036854771712
 *     pids.max                       64
 *
 * Documentation/admin-guide/cgroup-v1/memory.rst; scheduler/sched-bwc.rst.
 */
import { swapAlone } from './derived.ts'
import {
  countCpus,
  parseLimit,
  parseLimitV1,
  parsePeriod,
  parseQuotaV1,
  parseWholeLine,
  valueOf,
  type TakeValue
} from './parse.ts'
import { unknownLimits, type Limits } from './reading.ts'
import type { Level } from './v1-level.ts'

export function limitsV1 ({ cpu, cpuset, memory, pids }: Level, earlier: Limits | null = null): Limits {
  const quotaUs = cpu?.read('cpu.cfs_quota_us', parseQuotaV1) ?? null
  const memoryMaxBytes = memory?.read('memory.limit_in_bytes', parseLimitV1) ?? null
  const pidsMax = pids?.read('pids.max', parseLimit) ?? null
  const isUnchanged = earlier !== null && (earlier.cpuMax?.quotaUs ?? null) === quotaUs &&
    earlier.memoryMaxBytes === memoryMaxBytes && earlier.pidsMax === pidsMax
  if (isUnchanged) return earlier
  const periodUs = cpu?.read('cpu.cfs_period_us', parsePeriod) ?? null
  const rawSwapMaxBytes = memory?.read('memory.memsw.limit_in_bytes', parseLimitV1) ?? null
  return {
    ...unknownLimits,
    cpuMax: quotaUs === null || periodUs === null ? null : { quotaUs, periodUs },
    cpuShares: cpu?.read('cpu.shares', parseWholeLine) ?? null,
    cpusetCpus:
      cpuset?.read(cpuset.has('cpuset.effective_cpus') ? 'cpuset.effective_cpus' : 'cpuset.cpus', countCpus) ?? null,
    memoryMaxBytes,
    memoryLowBytes: memory?.read('memory.soft_limit_in_bytes', parseLimitV1) ?? null,
    swapMaxBytes: swapAlone(memoryMaxBytes, rawSwapMaxBytes),
    rawSwapMaxBytes,
    pidsMax
  }
}

/**
 * On v1 `memory.stat` shows what a cgroup and all its ancestors allow, including ancestors that a mount or a namespace
 * hides.
 */
export function hierarchicalLimits ({ memory }: Level): Limits {
  const limits = memory?.read('memory.stat', parseHierarchical) ?? unknownLimits
  return { ...limits, swapMaxBytes: swapAlone(limits.memoryMaxBytes, limits.rawSwapMaxBytes) }
}

function parseHierarchical (text: string, take?: TakeValue): Limits {
  const limit = (key: string) => valueOf(text, key, parseLimitV1, take)
  return {
    ...unknownLimits,
    memoryMaxBytes: limit('hierarchical_memory_limit'),
    rawSwapMaxBytes: limit('hierarchical_memsw_limit')
  }
}
