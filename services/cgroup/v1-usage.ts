/**
 * What a v1 cgroup uses. Times in nanoseconds or ticks of 10 ms, memory in bytes:
 *
 *     cpuacct.usage           7354904840            ns
 *     cpuacct.stat            user 715              ticks: user and system do not add up to usage
 *     cpu.stat                nr_periods 155
 *                             throttled_time 5598822832   ns, summed over CPUs
 *     memory.usage_in_bytes   20529152              deliberately fuzzy (per-CPU batches)
 *     memory.stat             rss 557056            this cgroup alone
 *                             total_rss 557056      with those below it
 *     memory.oom_control      oom_kill 1
 *     memory.failcnt          0                     charges refused at first: no count of kills
 *
 * Documentation/admin-guide/cgroup-v1/cpuacct.rst, memory.rst "5. Misc. features"; scheduler/sched-bwc.rst.
 */
import { nsToUs, ticksToUs, workingSet } from './derived.ts'
import type { Directory } from './directory.ts'
import { parseCount, parseFlatKeyed } from './parse.ts'
import { parseBlkio } from './parse-io.ts'
import type { CpuUsage, IoDevice, MemoryEvents, MemoryUsage } from './reading.ts'
import type { Level } from './v1.ts'

const cpuKeys = new Set(['nr_periods', 'nr_throttled', 'throttled_time', 'nr_bursts', 'burst_time'])
const tickKeys = new Set(['user', 'system'])

export function cpuUsageV1 ({ cpu, cpuacct }: Level): CpuUsage {
  const usageNs = cpuacct?.read('cpuacct.usage', parseCount)
  const stat = cpu?.read('cpu.stat', text => parseFlatKeyed(text, cpuKeys))
  const ticks = cpuacct?.read('cpuacct.stat', text => parseFlatKeyed(text, tickKeys))
  return {
    usageUs: nsToUs(usageNs),
    userUs: ticksToUs(ticks?.get('user')),
    systemUs: ticksToUs(ticks?.get('system')),
    nrPeriods: stat?.get('nr_periods') ?? null,
    nrThrottled: stat?.get('nr_throttled') ?? null,
    throttledUs: nsToUs(stat?.get('throttled_time')),
    nrBursts: stat?.get('nr_bursts') ?? null,
    burstUs: nsToUs(stat?.get('burst_time'))
  }
}

const memoryKeys = new Set([
  'total_cache', 'total_rss', 'total_shmem', 'total_mapped_file', 'total_dirty', 'total_writeback', 'total_swap',
  'total_pgfault', 'total_pgmajfault', 'total_inactive_file', 'total_active_file'
])

/** v1 does not count slab; the kernel's own memory is one number. */
export function memoryUsageV1 ({ memory }: Level): MemoryUsage {
  const read = (name: string) => memory?.read(name, parseCount) ?? null
  const currentBytes = read('memory.usage_in_bytes')
  const stat = memory === undefined || isHostRoot(memory) ? null : memory.read('memory.stat', text => parseFlatKeyed(text, memoryKeys))
  const total = (key: string) => stat?.get(`total_${key}`) ?? null
  return {
    currentBytes,
    peakBytes: read('memory.max_usage_in_bytes'),
    workingSetBytes: workingSet(currentBytes, total('inactive_file')),
    swapCurrentBytes: total('swap'),
    anonBytes: total('rss'),
    fileBytes: total('cache'),
    fileMappedBytes: total('mapped_file'),
    fileDirtyBytes: total('dirty'),
    fileWritebackBytes: total('writeback'),
    shmemBytes: total('shmem'),
    kernelBytes: read('memory.kmem.usage_in_bytes'),
    slabBytes: null,
    activeFileBytes: total('active_file'),
    inactiveFileBytes: total('inactive_file'),
    pgfault: total('pgfault'),
    pgmajfault: total('pgmajfault'),
    events: memoryEvents(memory)
  }
}

/** Only the root of a whole hierarchy has this file. Its `memory.stat` can take seconds on a large host, so it stays unread. */
function isHostRoot (memory: Directory): boolean {
  return memory.has('release_agent')
}

const oomKeys = new Set(['oom_kill'])

/** Unlike on v2 these counts do not rise in the parent; they go with the directory. */
function memoryEvents (memory: Directory | undefined): MemoryEvents {
  const oom = memory?.read('memory.oom_control', text => parseFlatKeyed(text, oomKeys))
  return {
    low: null,
    high: null,
    max: memory?.read('memory.failcnt', parseCount) ?? null,
    oom: null,
    oomKill: oom?.get('oom_kill') ?? null,
    oomGroupKill: null
  }
}

/** `_recursive` includes the cgroups below; older kernels have only the other. */
export function ioDevicesV1 ({ blkio }: Level): IoDevice[] | null {
  const table = (name: string) => blkio?.read(`${name}_recursive`, asIs) ?? blkio?.read(name, asIs) ?? null
  return parseBlkio(table('blkio.throttle.io_service_bytes'), table('blkio.throttle.io_serviced'))
}

function asIs (text: string): string {
  return text
}
