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
 *     memory.memsw.max_usage_in_bytes   20529152    highest of memory and swap together
 *
 * Documentation/admin-guide/cgroup-v1/cpuacct.rst, memory.rst "5. Misc. features"; scheduler/sched-bwc.rst.
 */
import type { Extent } from './cgroup.ts'
import { nsToUs, ticksToUs, workingSet } from './derived.ts'
import type { Directory } from './directory.ts'
import { joinTables, parseBlkioBytes, parseBlkioOps } from './parse-io.ts'
import { parseCount, valueOf, type TakeValue } from './parse.ts'
import {
  unknownCpu,
  unknownMemory,
  type CpuUsage,
  type IoDevice,
  type MemoryEvents,
  type MemoryUsage
} from './reading.ts'
import type { Level } from './v1-level.ts'
import type { Parse } from './value-file.ts'

export function cpuUsageV1 ({ cpu, cpuacct }: Level, extent: Extent): CpuUsage {
  return {
    ...unknownCpu,
    usageUs: nsToUs(cpuacct?.read('cpuacct.usage', parseCount)),
    ...(extent === 'full' ? cpuacct?.read('cpuacct.stat', parseTimes) : null),
    ...cpu?.read('cpu.stat', parseThrottling)
  }
}

function parseTimes (text: string, take?: TakeValue) {
  const count = (key: string) => valueOf(text, key, parseCount, take)
  return { userUs: ticksToUs(count('user')), systemUs: ticksToUs(count('system')) }
}

function parseThrottling (text: string, take?: TakeValue) {
  const count = (key: string) => valueOf(text, key, parseCount, take)
  return {
    nrPeriods: count('nr_periods'),
    nrThrottled: count('nr_throttled'),
    throttledUs: nsToUs(count('throttled_time')),
    nrBursts: count('nr_bursts'),
    burstUs: nsToUs(count('burst_time'))
  }
}

const MEMSW_PEAK = 'memory.memsw.max_usage_in_bytes'

export function memoryUsageV1 ({ memory }: Level, extent: Extent): MemoryUsage {
  const read = (name: string) => memory?.read(name, parseCount) ?? null
  const currentBytes = read('memory.usage_in_bytes')
  const stat = memory === undefined || isHostRoot(memory) ? null : memory.read('memory.stat', parseMemoryStat)
  return {
    ...unknownMemory,
    ...stat,
    currentBytes,
    peakBytes: read('memory.max_usage_in_bytes'),
    memswPeakBytes: memory?.has(MEMSW_PEAK) ? read(MEMSW_PEAK) : null,
    workingSetBytes: workingSet(currentBytes, stat?.inactiveFileBytes ?? null),
    kernelBytes: extent === 'core' ? null : read('memory.kmem.usage_in_bytes'),
    events: memoryEvents(memory)
  }
}

/** v1 does not count slab; the kernel's own memory is one number, in a file of its own. */
function parseMemoryStat (text: string, take?: TakeValue) {
  const count = (key: string) => valueOf(text, key, parseCount, take)
  return {
    swapCurrentBytes: count('total_swap'),
    anonBytes: count('total_rss'),
    fileBytes: count('total_cache'),
    fileMappedBytes: count('total_mapped_file'),
    fileDirtyBytes: count('total_dirty'),
    fileWritebackBytes: count('total_writeback'),
    shmemBytes: count('total_shmem'),
    activeFileBytes: count('total_active_file'),
    inactiveFileBytes: count('total_inactive_file'),
    pgfault: count('total_pgfault'),
    pgmajfault: count('total_pgmajfault'),
    refaults: count('total_workingset_refault_file')
  }
}

/**
 * Only the root of a whole hierarchy has this file. Reading its `memory.stat` can take seconds on a large host, so it
 * is not read.
 */
function isHostRoot (memory: Directory): boolean {
  return memory.has('release_agent')
}

/** Unlike on v2 these counts do not rise in the parent; they vanish with the directory. */
function memoryEvents (memory: Directory | undefined): MemoryEvents {
  return {
    ...unknownMemory.events,
    max: memory?.read('memory.failcnt', parseCount) ?? null,
    oomKill: oomKillsV1(memory)
  }
}

export function oomKillsV1 (memory: Directory | undefined): number | null {
  return memory?.read('memory.oom_control', parseOomKill) ?? null
}

function parseOomKill (text: string, take?: TakeValue): number | null {
  return valueOf(text, 'oom_kill', parseCount, take)
}

/**
 * `_recursive` includes the cgroups below; older kernels have only the other file. If the recursive file exists but
 * cannot be read, the other one is no substitute.
 */
export function ioDevicesV1 ({ blkio }: Level): IoDevice[] | null {
  if (blkio === undefined) return null
  const read = (name: string, parse: Parse<IoDevice[]>) =>
    blkio.read(blkio.has(`${name}_recursive`) ? `${name}_recursive` : name, parse)
  return joinTables(
    read('blkio.throttle.io_service_bytes', parseBlkioBytes),
    read('blkio.throttle.io_serviced', parseBlkioOps)
  )
}
