/**
 * What a process can really have: the smallest of what its own cgroup, every cgroup above it and the machine allow. A
 * private cgroup namespace hides the cgroups above. If one of those sets the smallest limit, only a mount of the host's
 * tree shows it.
 */
import { cpus } from 'node:os'
import { join } from 'node:path'
import { ignoreFaults, type Fault, type OnFault } from './fault.ts'
import { parseWhole, parseWholeLine, valueOf, type TakeValue } from './parse.ts'
import type { EffectiveLimits, Limit, Limits, LimitSource } from './reading.ts'
import { ValueFile, type Parse } from './value-file.ts'

/** What the machine has. `null` = `/proc` does not say. */
export interface Host {
  cpus: number
  memoryBytes: number | null
  swapBytes: number | null
  pids: number | null
}

interface Bound {
  value: number
  from: LimitSource
}

/** `ancestors` are ordered from the nearest to the outermost. */
export function effectiveLimits (own: Limits, ancestors: Limits[], host: Host): EffectiveLimits {
  const least = (pick: (limits: Limits) => Limit, ofHost: number | null) => smallest(
    [bound(pick(own), 'own'), ...ancestors.map(limits => bound(pick(limits), 'ancestor')), bound(ofHost, 'host')])
  const cpu = smallest(cpuBounds(own, ancestors, host))
  const memory = least(limits => limits.memoryMaxBytes, host.memoryBytes)
  const swap = least(limits => limits.swapMaxBytes, host.swapBytes)
  const pids = least(limits => limits.pidsMax, host.pids)
  return {
    cpuCores: cpu && { cores: cpu.value, from: cpu.from },
    memory: memory && { bytes: memory.value, from: memory.from },
    swap: swap && { bytes: swap.value, from: swap.from },
    pids: pids && { max: pids.value, from: pids.from }
  }
}

/**
 * Quotas are compared from the inside out, cpusets from the outside in. A quota belongs to the cgroup that sets it, but
 * a cpuset file shows what was inherited from above, so a count is a limit of its own only if it is smaller than the
 * one outside it.
 */
function cpuBounds (own: Limits, ancestors: Limits[], host: Host): (Bound | null)[] {
  return [
    bound(quotaCores(own), 'own'),
    ...ancestors.map(limits => bound(quotaCores(limits), 'ancestor')),
    bound(host.cpus, 'host'),
    ...ancestors.map(limits => bound(limits.cpusetCpus, 'ancestor')),
    bound(own.cpusetCpus, 'own')
  ]
}

function quotaCores ({ cpuMax }: Limits): Limit {
  return cpuMax === null || cpuMax.quotaUs === 'max' ? null : cpuMax.quotaUs / cpuMax.periodUs
}

function bound (value: Limit, from: LimitSource): Bound | null {
  return typeof value === 'number' ? { value, from } : null
}

/** If several are equal, the first one is returned. */
function smallest (bounds: (Bound | null)[]): Bound | null {
  return bounds.reduce((least, bound) => {
    const isLess = bound !== null && (least === null || bound.value < least.value)
    return isLess ? bound : least
  }, null)
}

const limitFiles: Array<[keyof EffectiveLimits, RegExp]> = [
  ['cpuCores', /\/cpu\.(max|cfs_quota_us|cfs_period_us)$/],
  ['memory', /\/memory\.(max|limit_in_bytes)$/],
  ['swap', /\/memory\.(swap\.max|limit_in_bytes|memsw\.limit_in_bytes)$/],
  ['pids', /\/pids\.max$/]
]

/**
 * The host's limit binds only if no cgroup sets a lower one. If one of the cgroups could not be read, the limit is
 * unknown.
 */
export function withoutGuesses (limits: EffectiveLimits, faults: Fault[]): EffectiveLimits {
  const unknown = limitFiles.filter(
    ([limit, file]) => limits[limit]?.from === 'host' && faults.some(({ path }) => file.test(path))
  )
  return { ...limits, ...Object.fromEntries(unknown.map(([limit]) => [limit, null])) }
}

/**
 * `/proc/meminfo` says kB and means 1024 bytes. Inside a container too it describes the host (proc_meminfo(5)). Do not
 * call this for every reading: listing the CPUs alone costs more than reading all cgroup files.
 */
export function readHost (proc = '/proc', onFault: OnFault = ignoreFaults): Host {
  const read = <T>(name: string, parse: Parse<T>) => readOnce(new ValueFile(join(proc, name), onFault), parse)
  return {
    cpus: cpus().length,
    ...(read('meminfo', parseMeminfo) ?? parseMeminfo('')),
    pids: minKnown(read('sys/kernel/pid_max', parseWholeLine), read('sys/kernel/threads-max', parseWholeLine))
  }
}

function readOnce<T> (file: ValueFile, parse: Parse<T>): T | null {
  const answer = file.read(parse)
  file.close()
  return answer
}

function parseMeminfo (text: string, take?: TakeValue) {
  const bytes = (key: string) => valueOf(text, key, parseKib, take)
  return { memoryBytes: bytes('MemTotal:'), swapBytes: bytes('SwapTotal:') }
}

/** `      6291456 kB` */
function parseKib (text: string): number {
  return parseWhole(text.replace(/ kB$/, '').trim()) * 1024
}

function minKnown (a: number | null, b: number | null): number | null {
  return a === null || b === null ? a ?? b : Math.min(a, b)
}
