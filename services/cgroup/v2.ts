/**
 * A cgroup of the unified hierarchy: one directory holds the files of all controllers.
 * Documentation/admin-guide/cgroup-v2.rst.
 */
import { join } from 'node:path'
import type { Cgroup, Extent, OomKills } from './cgroup.ts'
import { monotonicUs, workingSet } from './derived.ts'
import { ancestorsOf, Directory } from './directory.ts'
import { effectiveLimits, readHost, withoutGuesses, type Host } from './effective.ts'
import { ignoreFaults, type Fault, type OnFault } from './fault.ts'
import { Life } from './life.ts'
import { parseIoStat } from './parse-io.ts'
import { parsePressure } from './parse-pressure.ts'
import { countCpus, parseCount, parseCpuMax, parseLimit, parseWholeLine, valueOf, type TakeValue } from './parse.ts'
import { isPopulated, pidsUsage } from './pids.ts'
import {
  unknownCpu, unknownMemory,
  type CpuMax, type CpuUsage, type EffectiveLimits, type Limits, type MemoryEvents, type MemoryUsage, type Reading
} from './reading.ts'

export class CgroupV2 implements Cgroup {
  readonly path: string
  readonly #proc: string
  readonly #onFault: OnFault
  readonly #own: Directory
  readonly #ancestors: Directory[]
  readonly #life: Life
  #host: Host | null = null

  /** `path` is below `root`, the mount point of the hierarchy or of a part of it. */
  constructor (root: string, path: string, proc = '/proc', onFault: OnFault = ignoreFaults) {
    this.path = path
    this.#proc = proc
    this.#onFault = onFault
    this.#own = new Directory(join(root, path), onFault)
    this.#ancestors = ancestorsOf(path).map(ancestor => new Directory(join(root, ancestor), onFault))
    this.#life = new Life(this.#own, this.#ancestors)
  }

  read (earlier: Reading | null = null, extent: Extent = 'full'): Reading | null {
    return this.#life.whileAlive(inode => {
      const own = this.#own
      const pids = pidsUsage(own, own, extent)
      return {
        takenAtMs: Date.now(),
        monotonicUs: monotonicUs(),
        version: 'v2',
        inode,
        populated: isPopulated(pids, own),
        cpu: own.read('cpu.stat', parseCpuStat) ?? unknownCpu,
        limits: limits(own, earlier?.inode === inode ? earlier.limits : null),
        memory: memoryUsage(own, extent),
        pids,
        io: extent === 'full' ? own.read('io.stat', parseIoStat) : null,
        pressure: {
          cpu: own.read('cpu.pressure', parsePressure),
          memory: own.read('memory.pressure', parsePressure),
          io: own.read('io.pressure', parsePressure)
        }
      }
    })
  }

  oomKills (): OomKills | null {
    return this.#life.whileAlive(inode => ({ inode, count: memoryEvents(this.#own).oomKill }))
  }

  effectiveLimits (own?: Limits): EffectiveLimits | null {
    return this.#life.whileAlive(() => {
      this.#host ??= readHost(this.#proc, this.#onFault)
      const above = this.#ancestors.map(ancestor => limits(ancestor))
      return withoutGuesses(effectiveLimits(own ?? limits(this.#own), above, this.#host), this.faults())
    })
  }

  faults (): Fault[] {
    return [this.#own, ...this.#ancestors].flatMap(directory => directory.faults())
  }

  close (): void {
    this.#life.close()
  }
}

function limits (cgroup: Directory, earlier: Limits | null = null): Limits {
  const cpuMax = cgroup.read('cpu.max', parseCpuMax)
  const memoryMaxBytes = cgroup.read('memory.max', parseLimit)
  const pidsMax = cgroup.read('pids.max', parseLimit)
  const isUnchanged = earlier !== null && isSameQuota(earlier.cpuMax, cpuMax) &&
    earlier.memoryMaxBytes === memoryMaxBytes && earlier.pidsMax === pidsMax
  if (isUnchanged) return earlier
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

/** Without the cpu controller the first three still exist: the kernel counts CPU time in every cgroup. */
function parseCpuStat (text: string, take?: TakeValue): CpuUsage {
  const count = (key: string) => valueOf(text, key, parseCount, take)
  return {
    usageUs: count('usage_usec'),
    userUs: count('user_usec'),
    systemUs: count('system_usec'),
    nrPeriods: count('nr_periods'),
    nrThrottled: count('nr_throttled'),
    throttledUs: count('throttled_usec'),
    nrBursts: count('nr_bursts'),
    burstUs: count('burst_usec')
  }
}

/**
 * The root of a host has `memory.stat` but no `memory.current`. Its `memory.stat` is not read: on a large host with
 * many dying cgroups that one file can take seconds.
 */
function memoryUsage (cgroup: Directory, extent: Extent): MemoryUsage {
  const currentBytes = cgroup.read('memory.current', parseCount)
  const isHostRoot = currentBytes === null && !cgroup.has('memory.current')
  const stat = isHostRoot ? null : cgroup.read('memory.stat', parseMemoryStat)
  return {
    ...unknownMemory,
    ...stat,
    currentBytes,
    peakBytes: cgroup.read('memory.peak', parseCount),
    workingSetBytes: workingSet(currentBytes, stat?.inactiveFileBytes ?? null),
    swapCurrentBytes: extent === 'core' ? null : cgroup.read('memory.swap.current', parseCount),
    events: memoryEvents(cgroup)
  }
}

function memoryEvents (cgroup: Directory): MemoryEvents {
  return cgroup.read('memory.events', parseMemoryEvents) ?? unknownMemory.events
}

function parseMemoryStat (text: string, take?: TakeValue) {
  const count = (key: string) => valueOf(text, key, parseCount, take)
  return {
    anonBytes: count('anon'),
    fileBytes: count('file'),
    fileMappedBytes: count('file_mapped'),
    fileDirtyBytes: count('file_dirty'),
    fileWritebackBytes: count('file_writeback'),
    shmemBytes: count('shmem'),
    kernelBytes: count('kernel'),
    slabBytes: count('slab'),
    activeFileBytes: count('active_file'),
    inactiveFileBytes: count('inactive_file'),
    pgfault: count('pgfault'),
    pgmajfault: count('pgmajfault'),
    refaults: count('workingset_refault_file')
  }
}

function parseMemoryEvents (text: string, take?: TakeValue): MemoryEvents {
  const count = (key: string) => valueOf(text, key, parseCount, take)
  return {
    low: count('low'),
    high: count('high'),
    max: count('max'),
    oom: count('oom'),
    oomKill: count('oom_kill'),
    oomGroupKill: count('oom_group_kill')
  }
}
