import { check, sourceOf } from './checks.ts'
import type { Window } from './evidence.ts'
import { kernelName } from './kernel-names.ts'
import type { Track } from './track.ts'
import type { Check } from './wire.ts'
import { limitMib, mib } from './words.ts'

/** Charges are counted in batches, and what was just taken back makes room for a moment: so near is at the limit. */
const AT_LIMIT_SHARE = 0.95

export interface AtLimit { of: 'memoryBytes', atLeast: number }

/** Readings in which usage was at the limit. `null`: there is no such limit, or nobody tells it. */
export function atLimit ({ limits: { memoryMaxBytes } }: Track): AtLimit | null {
  return typeof memoryMaxBytes === 'number' ? { of: 'memoryBytes', atLeast: AT_LIMIT_SHARE * memoryMaxBytes } : null
}

export function fillsLimit (track: Track, window: Window): Check {
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
export function takenBack (track: Track, fileMib: number, window: Window): Check {
  return check(`of ${fileMib} MiB on disk the kernel keeps in memory what there is room for`, `${sourceOf(track, 'fileBytes')} - shmem`,
    diskCacheBytes(track, window), bytes => bytes < TAKEN_BACK_SHARE * fileMib * 2 ** 20, bytes => `${mib(bytes)} when memory was fullest`)
}

const TAKEN_BACK_SHARE = 0.9

/** Cache of files on disk when usage was highest: `file` counts what is in a tmpfs too. */
export function diskCacheBytes (track: Track, window: Window): number | null {
  const file = track.atMaxOf('memoryBytes', 'fileBytes', window)
  const shmem = track.atMaxOf('memoryBytes', 'shmemBytes', window)
  return file === null || shmem === null ? null : file - shmem
}
