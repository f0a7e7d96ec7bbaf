import { kernelName } from '#lab/experiments/series.ts'
import { mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import { PEAK_AT_LIMIT, TAKEN_BACK, USAGE_AT_LIMIT } from './at-limit.ts'
import { check, sourceOf } from './checks.ts'
import type { ServiceReadings, Threshold, Window } from './evidence.ts'

/**
 * Judged by the kernel's peak, or by its count of limit hits where it keeps no peak. Usage is no help here: a process
 * that is killed is gone before the next reading.
 */
export function reachesLimit (readings: ServiceReadings, window: Window): Check {
  const claim = 'memory went up to the limit, and not beyond'
  const limit = readings.limits.memoryMaxBytes
  const peak = readings.max('peakBytes', window)
  const ofLimit = (bytes: number | null) => `${bytes === null ? 'not measured' : mib(bytes)} of ${mib(limit)}`
  const measured = (value: number | null) => typeof limit === 'number' ? value : null
  return peak !== null
    ? check(
      claim,
      sourceOf(readings, 'peakBytes'),
      measured(peak),
      bytes => bytes >= PEAK_AT_LIMIT * Number(limit),
      ofLimit
    )
    : check(
      claim,
      sourceOf(readings, 'memoryLimitHits'),
      measured(readings.rise('memoryLimitHits', window)),
      hits => hits > 0,
      hits => `+${hits}, peak seen ${ofLimit(readings.max('memoryBytes', window))}`
    )
}

/** Selects the readings in which usage was at the limit. `null`: there is no limit, or it is not known. */
export function atLimit ({ limits: { memoryMaxBytes } }: ServiceReadings): Threshold | null {
  return typeof memoryMaxBytes === 'number' ? { of: 'memoryBytes', atLeast: USAGE_AT_LIMIT * memoryMaxBytes } : null
}

export function fillsLimit (readings: ServiceReadings, window: Window): Check {
  const limit = readings.limits.memoryMaxBytes
  const top = readings.max('memoryBytes', window)
  return {
    claim: 'memory goes up to the limit',
    source: `${sourceOf(readings, 'memoryBytes')}, ${kernelName('memoryMaxBytes', readings.version)}`,
    saw: top === null ? 'not measured' : `${mib(top)} of ${mib(limit)}`,
    holds: limit === 'max' ? false : top === null || limit === null ? null : top >= USAGE_AT_LIMIT * limit
  }
}

/** Only that part of a file on disk stays in memory for which there is room: the kernel takes back the rest. */
export function takenBack (readings: ServiceReadings, fileMib: number, window: Window): Check {
  return check(
    `of ${fileMib} MiB on disk, only what fits stays in memory`,
    `${sourceOf(readings, 'fileBytes')} - shmem`,
    diskCacheBytes(readings, window),
    bytes => bytes < TAKEN_BACK * fileMib * 2 ** 20,
    bytes => `${mib(bytes)} when memory was fullest`
  )
}

/** The cache of files on disk when usage was highest: `file` counts the files in a tmpfs too. */
export function diskCacheBytes (readings: ServiceReadings, window: Window): number | null {
  const file = readings.atMaxOf('memoryBytes', 'fileBytes', window)
  const shmem = readings.atMaxOf('memoryBytes', 'shmemBytes', window)
  return file === null || shmem === null ? null : file - shmem
}
