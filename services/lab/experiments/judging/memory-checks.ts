import { kernelName } from '#lab/experiments/series.ts'
import { limitMib, mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import { check, sourceOf } from './checks.ts'
import type { ServiceReadings, Window } from './evidence.ts'

/** The peak is counted in batches, so it may stay a little below the limit that was met. */
const MET_SHARE = 0.98

/**
 * By the kernel's peak; where it keeps none, by its count of how often the limit was met: who is killed is gone before
 * the next look.
 */
export function reachesLimit (track: ServiceReadings, window: Window): Check {
  const claim = 'memory went up to the limit, and not beyond'
  const limit = track.limits.memoryMaxBytes
  const peak = track.max('peakBytes', window)
  const ofLimit = (bytes: number | null) => `${bytes === null ? 'not measured' : mib(bytes)} of ${limitMib(limit)}`
  const measured = (value: number | null) => typeof limit === 'number' ? value : null
  return peak !== null
    ? check(claim, sourceOf(track, 'peakBytes'), measured(peak), bytes => bytes >= MET_SHARE * Number(limit), ofLimit)
    : check(claim, sourceOf(track, 'memoryLimitHits'), measured(track.rise('memoryLimitHits', window)), hits => hits > 0,
      hits => `+${hits}, peak seen ${ofLimit(track.max('memoryBytes', window))}`)
}

/** Charges are counted in batches, and what was just taken back makes room for a moment: so near is at the limit. */
const AT_LIMIT_SHARE = 0.95

export interface AtLimit { of: 'memoryBytes', atLeast: number }

/** Readings in which usage was at the limit. `null`: there is no such limit, or nobody tells it. */
export function atLimit ({ limits: { memoryMaxBytes } }: ServiceReadings): AtLimit | null {
  return typeof memoryMaxBytes === 'number' ? { of: 'memoryBytes', atLeast: AT_LIMIT_SHARE * memoryMaxBytes } : null
}

export function fillsLimit (track: ServiceReadings, window: Window): Check {
  const limit = track.limits.memoryMaxBytes
  const top = track.max('memoryBytes', window)
  return {
    claim: 'memory goes up to the limit',
    source: `${sourceOf(track, 'memoryBytes')}, ${kernelName('memoryMaxBytes', track.version)}`,
    saw: top === null ? 'not measured' : `${mib(top)} of ${limitMib(limit)}`,
    holds: limit === 'max' ? false : top === null || limit === null ? null : top >= AT_LIMIT_SHARE * limit
  }
}

/** Of a file on disk, as much stays in memory as there is room for: the rest was taken back. */
export function takenBack (track: ServiceReadings, fileMib: number, window: Window): Check {
  return check(`of ${fileMib} MiB on disk the kernel keeps in memory what there is room for`, `${sourceOf(track, 'fileBytes')} - shmem`,
    diskCacheBytes(track, window), bytes => bytes < TAKEN_BACK_SHARE * fileMib * 2 ** 20, bytes => `${mib(bytes)} when memory was fullest`)
}

const TAKEN_BACK_SHARE = 0.9

/** Cache of files on disk when usage was highest: `file` counts what is in a tmpfs too. */
export function diskCacheBytes (track: ServiceReadings, window: Window): number | null {
  const file = track.atMaxOf('memoryBytes', 'fileBytes', window)
  const shmem = track.atMaxOf('memoryBytes', 'shmemBytes', window)
  return file === null || shmem === null ? null : file - shmem
}
