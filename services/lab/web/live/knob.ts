/** The three limits of a container that can be turned: their range, their words, and what a turn would do. Pure. */
import { formatBytes, formatCores, formatLimitBytes } from '#lab/format.ts'
import { cpuLimit, memoryLimit, pidsLimit } from '#lab/web/container-words.ts'
import type { ContainerView, Hello } from '#lab/wire/live.ts'
import type { ContainerLimits, LimitRequest, LimitValue } from '#lab/wire/limits.ts'

const MIB = 1024 * 1024

export const knobs = ['memory', 'cpus', 'pids'] as const
export type Knob = typeof knobs[number]

export interface Range { least: number, most: number, step: number, unit: string }

/** In the unit that is shown. The engine takes no less. */
export function rangeOf (knob: Knob, { host }: Pick<Hello, 'host'>): Range {
  if (knob === 'memory') return { least: 6, most: Math.floor(host.memoryBytes / MIB), step: 1, unit: 'MiB' }
  if (knob === 'cpus') return { least: 0.01, most: host.cpus, step: 0.01, unit: 'CPUs' }
  return { least: 1, most: 4096, step: 1, unit: 'tasks' }
}

/** What binds now, in the unit that is shown; without a limit the most that there is. */
export function valueOf (knob: Knob, view: ContainerView, hello: Pick<Hello, 'host'>): number {
  const { most } = rangeOf(knob, hello)
  if (knob === 'memory') return roundTo(1, (memoryLimit(view) ?? Infinity) / MIB, most)
  if (knob === 'cpus') return roundTo(0.01, cpuLimit(view) ?? Infinity, most)
  return pidsLimit(view) ?? most
}

function roundTo (step: number, value: number, most: number): number {
  return Math.min(most, Number((Math.round(value / step) * step).toFixed(2)))
}

/** A slider has 1,000 steps, and each changes the value by the same share: 1 MiB matters at 10 and not at 10,000. */
export const SLIDER_STEPS = 1000

export function toSlider (value: number, { least, most }: Range): number {
  const share = Math.log(Math.max(least, value) / least) / Math.log(most / least)
  return Math.round(Math.min(1, share) * SLIDER_STEPS)
}

export function fromSlider (position: number, { least, most, step }: Range): number {
  const value = least * (most / least) ** (position / SLIDER_STEPS)
  return Math.min(most, Math.max(least, Number((Math.round(value / step) * step).toFixed(2))))
}

/** In what the lab is asked. */
export function requestOf (service: string, knob: Knob, value: number): LimitRequest {
  if (knob === 'memory') return { service, memoryBytes: value * MIB }
  return knob === 'cpus' ? { service, cpus: value } : { service, pids: value }
}

/** What would happen at this value, said before it is set. */
export function consequence (knob: Knob, value: number, view: ContainerView): string {
  if (knob === 'memory') return memoryConsequence(value * MIB, view)
  if (knob === 'pids') {
    const { current } = view.pids
    if (current === null) return ''
    return value < current ? `refused: ${current} tasks are running` : `${current} of ${value} would be used`
  }
  const { cores } = view.cpu
  if (cores === null) return ''
  return value < cores ? `it uses ${formatCores(cores)} now, and would be throttled` : `it uses ${formatCores(cores)} now`
}

function memoryConsequence (bytes: number, { memory }: ContainerView): string {
  const { currentBytes, activeFileBytes, inactiveFileBytes } = memory
  if (currentBytes === null) return ''
  const fixed = Math.max(0, currentBytes - (activeFileBytes ?? 0) - (inactiveFileBytes ?? 0))
  if (bytes < fixed) return `refused: ${formatBytes(fixed)} are in use that the kernel cannot take back`
  if (bytes < currentBytes) return `the kernel takes back ${formatBytes(currentBytes - bytes)} of page cache`
  return `${formatBytes(currentBytes)} of it are in use`
}

/** `docker update …`, to copy where the lab cannot change limits itself. */
export function updateCommand (container: string, values: Partial<Record<Knob, number>>): string {
  const { memory, cpus, pids } = values
  const words = [
    ...(memory === undefined ? [] : [`--memory ${memory}m --memory-swap ${memory}m`]),
    ...(cpus === undefined ? [] : [`--cpus ${cpus}`]),
    ...(pids === undefined ? [] : [`--pids-limit ${pids}`])
  ]
  return `docker update ${words.join(' ')} ${container}`
}

/** `256 MiB`: what a limit was before somebody changed it; `null` if it is as it was. */
export function beforeWords (knob: Knob, now: ContainerLimits, before: ContainerLimits): string | null {
  const key = knob === 'memory' ? 'memoryBytes' : knob
  if (now[key] === before[key]) return null
  return limitWords(knob, before[key])
}

function limitWords (knob: Knob, value: LimitValue): string {
  if (value === 'max') return 'no limit'
  return knob === 'memory' ? formatLimitBytes(value) : knob === 'cpus' ? `${formatCores(value)} CPUs` : `${value} tasks`
}
