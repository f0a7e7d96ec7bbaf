import { cpus } from 'node:os'

export interface MachineTimes { cpus: number, idleMs: number, nowMs: number }

/** From /proc/stat, which no container hides. */
export function machineTimes (): MachineTimes {
  const all = cpus()
  return { cpus: all.length, idleMs: all.reduce((sum, { times }) => sum + times.idle, 0), nowMs: performance.now() }
}

/**
 * The CPUs that were not idle between two looks. What a hypervisor took away for others counts as used too. `null`: no
 * time passed.
 */
export function usedCpus (before: MachineTimes, after: MachineTimes): number | null {
  const ms = after.nowMs - before.nowMs
  return ms <= 0 ? null : Math.max(0, after.cpus - Math.max(0, after.idleMs - before.idleMs) / ms)
}
