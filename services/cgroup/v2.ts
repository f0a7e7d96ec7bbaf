/**
 * A cgroup of the unified hierarchy: one directory holds the files of all controllers.
 * Documentation/admin-guide/cgroup-v2.rst.
 */
import { join } from 'node:path'
import type { Cgroup } from './cgroup.ts'
import type { Extent } from './extent.ts'
import { monotonicUs, workingSet } from './derived.ts'
import { ancestorsOf, Directory } from './directory.ts'
import { effectiveLimits, readHost, type Host } from './effective.ts'
import { Life } from './life.ts'
import { countCpus, parseCount, parseCpuMax, parseLimit, parseWholeLine, valueOf } from './parse.ts'
import { parseIoStat } from './parse-io.ts'
import { parsePressure } from './parse-pressure.ts'
import { pidsUsage } from './pids.ts'
import type { CpuMax, CpuUsage, EffectiveLimits, Limits, MemoryEvents, MemoryUsage, Reading } from './reading.ts'

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

  read (earlier: Reading | null = null, extent: Extent = 'full'): Reading | null {
    return this.#life.whileAlive(inode => ({
      takenAtMs: Date.now(),
      monotonicUs: monotonicUs(),
      version: 'v2',
      inode,
      cpu: this.#own.read('cpu.stat', parseCpuStat) ?? parseCpuStat(''),
      limits: limits(this.#own, earlier?.inode === inode ? earlier.limits : null),
      memory: memoryUsage(this.#own, extent),
      pids: pidsUsage(this.#own, this.#own, extent),
      io: extent === 'full' ? this.#own.read('io.stat', parseIoStat) : null,
      pressure: {
        cpu: this.#own.read('cpu.pressure', parsePressure),
        memory: this.#own.read('memory.pressure', parsePressure),
        io: this.#own.read('io.pressure', parsePressure)
      }
    }))
  }

  effectiveLimits (own?: Limits): EffectiveLimits | null {
    return this.#life.whileAlive(() => {
      this.#host ??= readHost(this.#proc)
      return effectiveLimits(own ?? limits(this.#own), this.#ancestors.map(ancestor => limits(ancestor)), this.#host)
    })
  }

  close (): void {
    this.#life.close()
  }
}

function limits (cgroup: Directory, known: Limits | null = null): Limits {
  const cpuMax = cgroup.read('cpu.max', parseCpuMax)
  const memoryMaxBytes = cgroup.read('memory.max', parseLimit)
  const pidsMax = cgroup.read('pids.max', parseLimit)
  if (known !== null && isSameQuota(known.cpuMax, cpuMax) && known.memoryMaxBytes === memoryMaxBytes && known.pidsMax === pidsMax) return known
  const swapMaxBytes = cgroup.read('memory.swap.max', parseLimit)
  return {
    cpuMax,
    cpuWeight: cgroup.read('cpu.weight', parseWholeLine),
    cpuShares: null,
    cpusetCpus: cgroup.read('cpuset.cpus.effective', countCpus),
    memoryMaxBytes,
    memoryHighBytes: cgroup.read('memory.high', parseLimit),
    memoryLowBytes: cgroup.read('memory.low', parseLimit),
    swapMaxBytes,
    rawSwapMaxBytes: swapMaxBytes,
    pidsMax
  }
}

function isSameQuota (a: CpuMax | null, b: CpuMax | null): boolean {
  return a?.quotaUs === b?.quotaUs && a?.periodUs === b?.periodUs
}

/** Without the cpu controller the first three are still there: the kernel counts CPU time in every cgroup. */
function parseCpuStat (text: string): CpuUsage {
  return {
    usageUs: valueOf(text, 'usage_usec'),
    userUs: valueOf(text, 'user_usec'),
    systemUs: valueOf(text, 'system_usec'),
    nrPeriods: valueOf(text, 'nr_periods'),
    nrThrottled: valueOf(text, 'nr_throttled'),
    throttledUs: valueOf(text, 'throttled_usec'),
    nrBursts: valueOf(text, 'nr_bursts'),
    burstUs: valueOf(text, 'burst_usec')
  }
}

/**
 * The root of a host has `memory.stat` but no `memory.current`. There it stays unread: on a large host with many dying
 * cgroups that one file can take seconds.
 */
function memoryUsage (cgroup: Directory, extent: Extent): MemoryUsage {
  const currentBytes = cgroup.read('memory.current', parseCount)
  const stat = (currentBytes === null ? null : cgroup.read('memory.stat', parseMemoryStat)) ?? parseMemoryStat('')
  return {
    currentBytes,
    peakBytes: cgroup.read('memory.peak', parseCount),
    workingSetBytes: workingSet(currentBytes, stat.inactiveFileBytes),
    swapCurrentBytes: extent === 'core' ? null : cgroup.read('memory.swap.current', parseCount),
    ...stat,
    events: cgroup.read('memory.events', parseMemoryEvents) ?? parseMemoryEvents('')
  }
}

function parseMemoryStat (text: string) {
  return {
    anonBytes: valueOf(text, 'anon'),
    fileBytes: valueOf(text, 'file'),
    fileMappedBytes: valueOf(text, 'file_mapped'),
    fileDirtyBytes: valueOf(text, 'file_dirty'),
    fileWritebackBytes: valueOf(text, 'file_writeback'),
    shmemBytes: valueOf(text, 'shmem'),
    kernelBytes: valueOf(text, 'kernel'),
    slabBytes: valueOf(text, 'slab'),
    activeFileBytes: valueOf(text, 'active_file'),
    inactiveFileBytes: valueOf(text, 'inactive_file'),
    pgfault: valueOf(text, 'pgfault'),
    pgmajfault: valueOf(text, 'pgmajfault')
  }
}

function parseMemoryEvents (text: string): MemoryEvents {
  return {
    low: valueOf(text, 'low'),
    high: valueOf(text, 'high'),
    max: valueOf(text, 'max'),
    oom: valueOf(text, 'oom'),
    oomKill: valueOf(text, 'oom_kill'),
    oomGroupKill: valueOf(text, 'oom_group_kill')
  }
}
