import { kernelName } from '#lab/experiments/series.ts'
import { cpus, limitCpus, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import { check, sourceOf } from './checks.ts'
import type { ServiceReadings, Window } from './evidence.ts'

/** Of the quota. With less it did not meet its limit: it wanted less, or the host had no more to give. */
export const MET_SHARE = 0.8
/**
 * Readings do not fall on the ends of periods, and what a CPU has taken of the quota it may use a little later:
 * somewhat more may be seen.
 */
const EXCEEDED_SHARE = 1.1

/**
 * It got the CPU time of its quota, and not more. Without a quota this fails. With less nothing is shown: what does not
 * reach a limit is not held by it.
 */
export function gotItsQuota (track: ServiceReadings, ...windows: Window[]): Check {
  const cores = meanCores(track, windows)
  const share = shareOfQuota(track, ...windows)
  return {
    claim: `the ${track.service} gets its quota of CPU time, and not more`,
    source: `${sourceOf(track, 'cpuUsageUs')}, ${kernelName('cpuMax', track.version)}`,
    saw: cores === null ? 'not measured' : `${cpus(cores)} of ${limitCpus(track.quotaCores)}`,
    holds: track.quotaCores === 'max' ? false : share === null || share < MET_SHARE ? null : share <= EXCEEDED_SHARE
  }
}

/**
 * `checks` follow from a quota that was met. Where it was not, the host was short of CPU time, and one that fails shows
 * nothing either.
 */
export function ifMet (quota: Check, ...checks: Check[]): Check[] {
  return [quota, ...checks.map(check => quota.holds === null && check.holds === false ? { ...check, holds: null } : check)]
}

export function throttledIn (track: ServiceReadings, window: Window, atLeast: number): Check {
  return check(`the kernel stops it in ${percent(atLeast)} of its periods or more`, `${sourceOf(track, 'nrThrottled')} / nr_periods`,
    track.throttledShare(window), share => share >= atLeast, percent)
}

/** Of the CPU time its own quota allows. `null`: it has none, or it was not measured. */
export function shareOfQuota (track: ServiceReadings, ...windows: Window[]): number | null {
  const cores = meanCores(track, windows)
  return cores === null || typeof track.quotaCores !== 'number' ? null : cores / track.quotaCores
}

function meanCores (track: ServiceReadings, windows: Window[]): number | null {
  const cores = windows.map(window => track.cores(window))
  return cores.includes(null) || cores.length === 0 ? null : cores.reduce<number>((sum, cores) => sum + cores!, 0) / cores.length
}
