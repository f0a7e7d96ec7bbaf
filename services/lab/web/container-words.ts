/** What the page says in words about one container. Pure. */
import {
  formatBytes, formatCores, formatCount, formatLimitBytes, formatPeakName, formatShare, NOTHING
} from '#lab/format.ts'
import type { ContainerState, ContainerView, Hello } from '#lab/wire/live.ts'

const states: Record<ContainerState, string> = {
  gone: 'gone',
  restarting: 'restarting',
  oom_killed: 'OOM-killed',
  near_limit: 'near its limit',
  throttled: 'throttled',
  empty: 'empty',
  calm: 'calm'
}

export function stateWords (state: ContainerState): string {
  return states[state]
}

/** The lab watches another project, in which there is no API and no worker of limits-lab. */
export function isAttached (hello: Hello | null): boolean {
  return hello !== null && hello.missing.includes('stack')
}

/** The lab sees no cgroups at all. */
export function isWithoutCgroups (hello: Hello | null): boolean {
  return hello !== null && hello.cgroupVersion === null
}

/** The services could not be given cgroups, so their limits are not to be waited for. */
export function isWithoutLimits (hello: Hello | null): boolean {
  return hello !== null && hello.missing.includes('limits')
}

/** For a service that has not been seen. */
export function absenceWords (hello: Hello | null): string {
  return isWithoutLimits(hello) || isWithoutCgroups(hello) ? 'no cgroup' : 'not seen yet'
}

type Throttling = Pick<ContainerView['cpu'], 'throttling' | 'throttledShare'>

/** Not measured and not throttled are different answers. */
export function throttlingWords ({ throttling, throttledShare }: Throttling): string {
  if (throttling === 'not_measured') return 'not measured'
  if (throttling === 'not_throttled') return 'not throttled'
  return throttledShare === null ? 'throttled' : `throttled ${formatShare(throttledShare)}`
}

type Pressure = ContainerView['pressure']['cpu']

/** The share of time in which at least one task waited. */
export function pressureWords (pressure: Pressure): string {
  return pressure?.someShare == null ? 'not measured' : formatShare(pressure.someShare)
}

export function isPressureMeasured ({ pressure }: ContainerView): boolean {
  return Object.values(pressure).some(resource => resource?.someShare != null)
}

/** A kernel keeps a peak for every container or for none. */
export function peakNameOf (views: Array<Pick<ContainerView, 'memory'>>): string {
  return formatPeakName(views.find(({ memory }) => memory.peakFrom !== null)?.memory.peakFrom)
}

/** The limit that binds. What the host has is not a limit. */
export function memoryLimit ({ effective }: Pick<ContainerView, 'effective'>): number | null {
  return effective?.memory == null || effective.memory.from === 'host' ? null : effective.memory.bytes
}

export function cpuLimit ({ effective }: Pick<ContainerView, 'effective'>): number | null {
  return effective?.cpuCores == null || effective.cpuCores.from === 'host' ? null : effective.cpuCores.cores
}

export function pidsLimit ({ effective }: Pick<ContainerView, 'effective'>): number | null {
  return effective?.pids == null || effective.pids.from === 'host' ? null : effective.pids.max
}

export function memoryWords (view: ContainerView): string {
  const limit = formatLimit(memoryLimit(view), formatLimitBytes)
  return ofLimit(formatBytes(view.memory.currentBytes), view.effective?.memory, limit)
}

export function cpuWords (view: ContainerView): string {
  const limit = formatLimit(cpuLimit(view), cores => `${formatCores(cores)} CPUs`)
  return ofLimit(formatCores(view.cpu.cores), view.effective?.cpuCores, limit)
}

export function pidsWords (view: ContainerView): string {
  return ofLimit(formatCount(view.pids.current), view.effective?.pids, formatLimit(pidsLimit(view), formatCount))
}

function formatLimit (limit: number | null, format: (limit: number) => string): string | null {
  return limit === null ? null : format(limit)
}

/** `effective`: the limit that binds, the host's included; without it, it is not known whether there is a limit. */
function ofLimit (used: string, effective: object | null | undefined, limit: string | null): string {
  if (effective == null) return used === NOTHING ? NOTHING : `${used}, limit unknown`
  return limit === null ? `${used}, no limit` : `${used} of ${limit}`
}
