/** What a change means for a container, and whether it may be made. Pure. */
import type { ContainerLimits, LimitChange, LimitValue } from '#shared/limits/change.ts'
import type { KernelState } from './kernel.ts'

/**
 * The limits that a container should have after a change. Memory and swap change together, so that the limit of memory
 * is a real one: what does not fit cannot move out to swap.
 */
export function wanted (change: LimitChange, now: ContainerLimits, before: ContainerLimits): ContainerLimits {
  const { memoryBytes, cpus, pids } = change
  return {
    ...memoryOf(memoryBytes, now, before),
    cpus: chosen(cpus, now.cpus, before.cpus),
    pids: chosen(pids, now.pids, before.pids)
  }
}

type Memory = Pick<ContainerLimits, 'memoryBytes' | 'memoryAndSwapBytes'>

function memoryOf (bytes: LimitChange['memoryBytes'], now: Memory, before: Memory): Memory {
  if (bytes !== null && bytes !== undefined) return { memoryBytes: bytes, memoryAndSwapBytes: bytes }
  const { memoryBytes, memoryAndSwapBytes } = bytes === null ? before : now
  return { memoryBytes, memoryAndSwapBytes }
}

function chosen (asked: number | null | undefined, now: LimitValue, before: LimitValue): LimitValue {
  return asked === undefined ? now : asked ?? before
}

export function areEqual (a: ContainerLimits, b: ContainerLimits): boolean {
  return a.memoryBytes === b.memoryBytes && a.memoryAndSwapBytes === b.memoryAndSwapBytes &&
    a.cpus === b.cpus && a.pids === b.pids
}

/**
 * Why lowering a limit below what is in use is refused, or `null`. cgroup v1 refuses it by itself; v2 takes a lower
 * `memory.max` and kills until what is left fits (Control Group v2, `memory.max`). A lower `pids.max` kills nothing and
 * lets no process start.
 */
export function belowUse ({ limits, inUse }: KernelState, { memoryBytes, pids }: ContainerLimits): string | null {
  if (isLowered(memoryBytes, limits.memoryBytes) && memoryBytes < inUse.memoryBytes) {
    return `${mib(inUse.memoryBytes)} MiB are in use that the kernel cannot take back: it would kill processes to get below ${mib(memoryBytes)} MiB`
  }
  if (isLowered(pids, limits.pids) && pids < inUse.pids) {
    return `${inUse.pids} tasks are running: with a limit of ${pids} none could start another`
  }
  return null
}

function isLowered (to: LimitValue, from: LimitValue): to is number {
  return to !== 'max' && (from === 'max' || to < from)
}

function mib (bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '')
}
