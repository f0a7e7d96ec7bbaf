/** Values that no file has in the form we want, and the clock that rates need. All functions but the clock are pure. */
import { hrtime } from 'node:process'
import type { Limit } from './reading.ts'

const NS_PER_US = 1000
/** USER_HZ is 100 on every architecture Node runs on, whatever the kernel's own HZ: one tick is 10 ms. */
const US_PER_TICK = 10_000

/** Microseconds since some moment in the past, by a clock that cannot be set. */
export function monotonicUs (): number {
  const [seconds, nanoseconds] = hrtime()
  return seconds * 1e6 + Math.floor(nanoseconds / NS_PER_US)
}

/** v1 counts CPU time in nanoseconds. */
export function nsToUs (ns: number | null | undefined): number | null {
  return ns == null ? null : Math.floor(ns / NS_PER_US)
}

/** `cpuacct.stat` counts in ticks. */
export function ticksToUs (ticks: number | null | undefined): number | null {
  return ticks == null ? null : ticks * US_PER_TICK
}

/**
 * Memory that cannot be reclaimed easily. `memory.stat` may lag behind the total by two seconds, so the result is never
 * below 0.
 */
export function workingSet (currentBytes: number | null, inactiveFileBytes: number | null): number | null {
  return currentBytes === null || inactiveFileBytes === null ? null : Math.max(0, currentBytes - inactiveFileBytes)
}

/**
 * v1's `memsw` limits memory and swap together. Without swap accounting the file is missing, and the swap limit is
 * unknown. It is also unknown if the memory limit is unknown.
 */
export function swapAlone (memory: Limit, memsw: Limit): Limit {
  if (memory === null && memsw !== 'max') return null
  return typeof memory === 'number' && typeof memsw === 'number' ? Math.max(0, memsw - memory) : memsw
}
