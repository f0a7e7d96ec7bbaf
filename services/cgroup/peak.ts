/**
 * The highest usage of memory that is known. `kernel` is the kernel's own mark, which misses nothing. `samples` is the
 * highest sampled value, used if the kernel keeps no mark (cgroup v2 before Linux 5.19) or its mark covers a different
 * time; usage may have been higher between two samples.
 */
export type PeakFrom = 'kernel' | 'samples'
export interface Peak { bytes: number | null, from: PeakFrom | null }

export function peakOf (kernelBytes: number | null, sampledBytes: number | null): Peak {
  return kernelBytes === null ? sampledPeak(sampledBytes) : { bytes: kernelBytes, from: 'kernel' }
}

export function sampledPeak (bytes: number | null): Peak {
  return { bytes, from: bytes === null ? null : 'samples' }
}

/** The larger of the known values; `null` if neither is known. */
export function maxKnown (a: number | null, b: number | null): number | null {
  return a === null || b === null ? a ?? b : Math.max(a, b)
}

export function peakName (from: PeakFrom | null | undefined): string {
  return from === 'samples' ? 'peak seen' : 'peak'
}
