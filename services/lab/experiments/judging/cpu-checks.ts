import { kernelName } from '#lab/experiments/series.ts'
import { cpus, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import { QUOTA_KEPT, QUOTA_REACHED, QUOTA_USED_UP } from './at-limit.ts'
import { check, sourceOf } from './checks.ts'
import type { ServiceReadings, Window } from './evidence.ts'

/**
 * The service got the CPU time of its quota, and not more. Without a quota the check fails. Below the quota it is
 * inconclusive: a limit that was never reached was not tested.
 */
export function gotItsQuota (readings: ServiceReadings, ...windows: Window[]): Check {
  const cores = meanCores(readings, windows)
  const share = shareOfQuota(readings, ...windows)
  return {
    claim: `the ${readings.service} gets its quota of CPU time, and not more`,
    source: `${sourceOf(readings, 'cpuUsageUs')}, ${kernelName('cpuMax', readings.version)}`,
    saw: cores === null ? 'not measured' : `${cpus(cores)} of ${cpus(readings.quotaCores)}`,
    holds: readings.quotaCores === 'max' ? false : share === null || share < QUOTA_REACHED ? null : share <= QUOTA_KEPT
  }
}

/**
 * `checks` follow from a quota that was reached. If it was not, because the host was short of CPU time, a check that
 * fails is inconclusive too.
 */
export function ifReached (quota: Check, ...checks: Check[]): Check[] {
  return [quota, ...(quota.holds === null ? checks.map(inconclusiveIfItFails) : checks)]
}

function inconclusiveIfItFails (check: Check): Check {
  return check.holds === false ? { ...check, holds: null } : check
}

/** Too few throttled periods refute nothing if the service did not get all of its quota. */
export function throttledIn (readings: ServiceReadings, window: Window, atLeast: number): Check {
  const used = shareOfQuota(readings, window)
  const throttled = check(`the kernel stops it in at least ${percent(atLeast)} of its periods`, `${sourceOf(readings, 'nrThrottled')} / nr_periods`,
    readings.throttledShare(window), share => share >= atLeast, percent)
  return used !== null && used < QUOTA_USED_UP ? inconclusiveIfItFails(throttled) : throttled
}

/** The share it used of the CPU time that its own quota allows. `null`: there is no quota, or it was not measured. */
export function shareOfQuota (readings: ServiceReadings, ...windows: Window[]): number | null {
  const cores = meanCores(readings, windows)
  return cores === null || typeof readings.quotaCores !== 'number' ? null : cores / readings.quotaCores
}

function meanCores (readings: ServiceReadings, windows: Window[]): number | null {
  const cores = windows.map(window => readings.cores(window))
  if (cores.includes(null) || cores.length === 0) return null
  return cores.reduce<number>((sum, cores) => sum + cores!, 0) / cores.length
}
