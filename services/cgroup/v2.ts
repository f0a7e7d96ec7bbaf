/**
 * A cgroup of the unified hierarchy: one directory holds the files of all controllers.
 * Documentation/admin-guide/cgroup-v2.rst.
 */
import { join } from 'node:path'
import type { Cgroup } from './cgroup.ts'
import { monotonicUs, workingSet } from './derived.ts'
import { ancestorsOf, Directory } from './directory.ts'
import { effectiveLimits, readHost, type Host } from './effective.ts'
import { Life } from './life.ts'
import { countCpus, parseCount, parseCpuMax, parseFlatKeyed, parseLimit, parseWhole } from './parse.ts'
import { parseIoStat } from './parse-io.ts'
import { parsePressure } from './parse-pressure.ts'
import { pidsUsage } from './pids.ts'
import type { CpuUsage, EffectiveLimits, Limits, MemoryEvents, MemoryUsage, Reading } from './reading.ts'

export class CgroupV2 implements Cgroup {
  readonly path: string
  readonly #proc: string
  readonly #own: Directory
  readonly #ancestors: Directory[]
  readonly #life: Life
  #host: Host | null = null

  /** `path` is below `root`, the mount point of the hierarchy or of a part of it. */
  constructor (root: string, path: string, proc = '/proc') {
    this.path = path
    this.#proc = proc
    this.#own = new Directory(join(root, path))
    this.#ancestors = ancestorsOf(path).map(ancestor => new Directory(join(root, ancestor)))
    this.#life = new Life(this.#own, this.#ancestors)
  }

  read (): Reading | null {
    return this.#life.whileAlive(inode => ({
      takenAtMs: Date.now(),
      monotonicUs: monotonicUs(),
      version: 'v2',
      inode,
      cpu: cpuUsage(this.#own),
      limits: limits(this.#own),
      memory: memoryUsage(this.#own),
      pids: pidsUsage(this.#own, this.#own),
      io: this.#own.read('io.stat', parseIoStat),
      pressure: {
        cpu: this.#own.read('cpu.pressure', parsePressure),
        memory: this.#own.read('memory.pressure', parsePressure),
        io: this.#own.read('io.pressure', parsePressure)
      }
    }))
  }

  effectiveLimits (): EffectiveLimits | null {
    return this.#life.whileAlive(() => {
      this.#host ??= readHost(this.#proc)
      return effectiveLimits(limits(this.#own), this.#ancestors.map(limits), this.#host)
    })
  }

  close (): void {
    this.#life.close()
  }
}

function limits (cgroup: Directory): Limits {
  const swapMaxBytes = cgroup.read('memory.swap.max', parseLimit)
  return {
    cpuMax: cgroup.read('cpu.max', parseCpuMax),
    cpuWeight: cgroup.read('cpu.weight', text => parseWhole(text.trim())),
    cpuShares: null,
    cpusetCpus: cgroup.read('cpuset.cpus.effective', countCpus),
    memoryMaxBytes: cgroup.read('memory.max', parseLimit),
    memoryHighBytes: cgroup.read('memory.high', parseLimit),
    memoryLowBytes: cgroup.read('memory.low', parseLimit),
    swapMaxBytes,
    rawSwapMaxBytes: swapMaxBytes,
    pidsMax: cgroup.read('pids.max', parseLimit)
  }
}

const cpuKeys = new Set([
  'usage_usec', 'user_usec', 'system_usec', 'nr_periods', 'nr_throttled', 'throttled_usec', 'nr_bursts', 'burst_usec'
])

/** Without the cpu controller the first three are still there: the kernel counts CPU time in every cgroup. */
function cpuUsage (cgroup: Directory): CpuUsage {
  const stat = cgroup.read('cpu.stat', text => parseFlatKeyed(text, cpuKeys))
  return {
    usageUs: stat?.get('usage_usec') ?? null,
    userUs: stat?.get('user_usec') ?? null,
    systemUs: stat?.get('system_usec') ?? null,
    nrPeriods: stat?.get('nr_periods') ?? null,
    nrThrottled: stat?.get('nr_throttled') ?? null,
    throttledUs: stat?.get('throttled_usec') ?? null,
    nrBursts: stat?.get('nr_bursts') ?? null,
    burstUs: stat?.get('burst_usec') ?? null
  }
}

const memoryKeys = new Set([
  'anon', 'file', 'file_mapped', 'file_dirty', 'file_writeback', 'shmem', 'kernel', 'slab', 'active_file', 'inactive_file',
  'pgfault', 'pgmajfault'
])

/**
 * The root of a host has `memory.stat` but no `memory.current`. There it stays unread: on a large host with many dying
 * cgroups that one file can take seconds.
 */
function memoryUsage (cgroup: Directory): MemoryUsage {
  const currentBytes = cgroup.read('memory.current', parseCount)
  const stat = currentBytes === null ? null : cgroup.read('memory.stat', text => parseFlatKeyed(text, memoryKeys))
  const inactiveFileBytes = stat?.get('inactive_file') ?? null
  return {
    currentBytes,
    peakBytes: cgroup.read('memory.peak', parseCount),
    workingSetBytes: workingSet(currentBytes, inactiveFileBytes),
    swapCurrentBytes: cgroup.read('memory.swap.current', parseCount),
    anonBytes: stat?.get('anon') ?? null,
    fileBytes: stat?.get('file') ?? null,
    fileMappedBytes: stat?.get('file_mapped') ?? null,
    fileDirtyBytes: stat?.get('file_dirty') ?? null,
    fileWritebackBytes: stat?.get('file_writeback') ?? null,
    shmemBytes: stat?.get('shmem') ?? null,
    kernelBytes: stat?.get('kernel') ?? null,
    slabBytes: stat?.get('slab') ?? null,
    activeFileBytes: stat?.get('active_file') ?? null,
    inactiveFileBytes,
    pgfault: stat?.get('pgfault') ?? null,
    pgmajfault: stat?.get('pgmajfault') ?? null,
    events: memoryEvents(cgroup)
  }
}

const eventKeys = new Set(['low', 'high', 'max', 'oom', 'oom_kill', 'oom_group_kill'])

function memoryEvents (cgroup: Directory): MemoryEvents {
  const events = cgroup.read('memory.events', text => parseFlatKeyed(text, eventKeys))
  return {
    low: events?.get('low') ?? null,
    high: events?.get('high') ?? null,
    max: events?.get('max') ?? null,
    oom: events?.get('oom') ?? null,
    oomKill: events?.get('oom_kill') ?? null,
    oomGroupKill: events?.get('oom_group_kill') ?? null
  }
}
