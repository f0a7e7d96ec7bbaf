/**
 * The highest usage of memory that is known. `kernel`: its own mark, which misses nothing. `samples`: the highest that
 * was read, where the kernel keeps no mark (cgroup v2 before Linux 5.19) or its mark is of another time; between two
 * looks it may have been higher.
 */
export type PeakFrom = 'kernel' | 'samples'
export interface Peak { bytes: number | null, from: PeakFrom | null }

export function peakOf (kernelBytes: number | null, sampledBytes: number | null): Peak {
  return kernelBytes === null ? sampledPeak(sampledBytes) : { bytes: kernelBytes, from: 'kernel' }
}

export function sampledPeak (bytes: number | null): Peak {
  return { bytes, from: bytes === null ? null : 'samples' }
}

/** `null` where nothing is known of one; both may be. */
export function maxKnown (a: number | null, b: number | null): number | null {
  return a === null || b === null ? a ?? b : Math.max(a, b)
}

export function peakName (from: PeakFrom | null | undefined): string {
  return from === 'samples' ? 'peak seen' : 'peak'
}
