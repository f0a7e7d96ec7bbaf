import type { Limit } from '#cgroup/reading.ts'

/** What the kernel does not say, or what was not measured. */
export const NOTHING = '–'

/** 0.123 → `12.3 %` */
export function percent (share: number | null | undefined): string {
  return share == null ? NOTHING : `${(share * 100).toFixed(1)} %`
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** 64.0 MiB. `max` is no limit. */
export function bytes (value: Limit | undefined): string {
  if (value == null) return NOTHING
  if (value === 'max') return 'max'
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10))
  const amount = value / 1024 ** power
  return `${power === 0 || Number.isInteger(amount) ? amount : amount.toFixed(1)} ${units[power]}`
}

export function cores (value: number | null | undefined): string {
  return value == null ? NOTHING : value.toFixed(2)
}

export function count (value: Limit | undefined): string {
  return value == null ? NOTHING : String(value)
}

/** 0.62 ms, 7.3 ms, 498 ms, 16.2 s */
export function duration (ms: number | null): string {
  if (ms === null) return NOTHING
  if (ms >= 999.5) return `${(ms / 1000).toFixed(1)} s`
  return `${ms.toFixed(ms >= 99.5 ? 0 : ms >= 9.95 ? 1 : 2)} ms`
}
