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
import type { Extent } from './extent.ts'
import { nsToUs, ticksToUs, workingSet } from './derived.ts'
import type { Directory } from './directory.ts'
import { parseCount, valueOf } from './parse.ts'
import { joinTables, parseBlkioBytes, parseBlkioOps } from './parse-io.ts'
import type { CpuUsage, IoDevice, MemoryEvents, MemoryUsage } from './reading.ts'
import type { Level } from './v1.ts'

export function cpuUsageV1 ({ cpu, cpuacct }: Level, extent: Extent): CpuUsage {
  return {
    usageUs: nsToUs(cpuacct?.read('cpuacct.usage', parseCount)),
    ...((extent === 'full' ? cpuacct?.read('cpuacct.stat', parseTimes) : null) ?? unsaidTimes),
    ...(cpu?.read('cpu.stat', parseThrottling) ?? parseThrottling(''))
  }
}

const unsaidTimes = { userUs: null, systemUs: null }

function parseTimes (text: string) {
  return { userUs: ticksToUs(valueOf(text, 'user')), systemUs: ticksToUs(valueOf(text, 'system')) }
}

function parseThrottling (text: string) {
  return {
    nrPeriods: valueOf(text, 'nr_periods'),
    nrThrottled: valueOf(text, 'nr_throttled'),
    throttledUs: nsToUs(valueOf(text, 'throttled_time')),
    nrBursts: valueOf(text, 'nr_bursts'),
    burstUs: nsToUs(valueOf(text, 'burst_time'))
  }
}

export function memoryUsageV1 ({ memory }: Level, extent: Extent): MemoryUsage {
  const read = (name: string) => memory?.read(name, parseCount) ?? null
  const currentBytes = read('memory.usage_in_bytes')
  const stat = (memory === undefined || isHostRoot(memory) ? null : memory.read('memory.stat', parseMemoryStat)) ?? parseMemoryStat('')
  return {
    currentBytes,
    peakBytes: read('memory.max_usage_in_bytes'),
    workingSetBytes: workingSet(currentBytes, stat.inactiveFileBytes),
    kernelBytes: extent === 'core' ? null : read('memory.kmem.usage_in_bytes'),
    ...stat,
    events: memoryEvents(memory, extent)
  }
}

/** v1 does not count slab; the kernel's own memory is one number, in a file of its own. */
function parseMemoryStat (text: string) {
  return {
    swapCurrentBytes: valueOf(text, 'total_swap'),
    anonBytes: valueOf(text, 'total_rss'),
    fileBytes: valueOf(text, 'total_cache'),
    fileMappedBytes: valueOf(text, 'total_mapped_file'),
    fileDirtyBytes: valueOf(text, 'total_dirty'),
    fileWritebackBytes: valueOf(text, 'total_writeback'),
    shmemBytes: valueOf(text, 'total_shmem'),
    slabBytes: null,
    activeFileBytes: valueOf(text, 'total_active_file'),
    inactiveFileBytes: valueOf(text, 'total_inactive_file'),
    pgfault: valueOf(text, 'total_pgfault'),
    pgmajfault: valueOf(text, 'total_pgmajfault')
  }
}

/** Only the root of a whole hierarchy has this file. Its `memory.stat` can take seconds on a large host, so it stays unread. */
function isHostRoot (memory: Directory): boolean {
  return memory.has('release_agent')
}

/** Unlike on v2 these counts do not rise in the parent; they go with the directory. */
function memoryEvents (memory: Directory | undefined, extent: Extent): MemoryEvents {
  return {
    low: null,
    high: null,
    max: extent === 'core' ? null : memory?.read('memory.failcnt', parseCount) ?? null,
    oom: null,
    oomKill: memory?.read('memory.oom_control', parseOomKill) ?? null,
    oomGroupKill: null
  }
}

function parseOomKill (text: string): number | null {
  return valueOf(text, 'oom_kill')
}

/** `_recursive` includes the cgroups below; older kernels have only the other. */
export function ioDevicesV1 ({ blkio }: Level): IoDevice[] | null {
  if (blkio === undefined) return null
  return joinTables(
    blkio.read('blkio.throttle.io_service_bytes_recursive', parseBlkioBytes) ?? blkio.read('blkio.throttle.io_service_bytes', parseBlkioBytes),
    blkio.read('blkio.throttle.io_serviced_recursive', parseBlkioOps) ?? blkio.read('blkio.throttle.io_serviced', parseBlkioOps))
}
