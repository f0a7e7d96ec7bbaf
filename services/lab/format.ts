/**
 * Numbers as people read them. The only place where a share becomes a percentage. Units are binary; a no-break space
 * keeps them together.
 */

import { peakName, type PeakFrom } from '#cgroup/peak.ts'

const NBSP = '\u00a0'
const KIB = 1024
const MIB = KIB * 1024
const GIB = MIB * 1024

/** For a value that is not there at this moment: a container that is gone. */
export const NOTHING = '–'

export function formatBytes (bytes: number | null): string {
  if (bytes === null) return NOTHING
  const size = Math.abs(bytes)
  if (size >= GIB) return withUnit(bytes / GIB, 'GiB', 2)
  if (size >= MIB) return withUnit(bytes / MIB, 'MiB', size >= 100 * MIB ? 0 : 1)
  if (size >= KIB) return withUnit(bytes / KIB, 'KiB', 0)
  return withUnit(bytes, 'B', 0)
}

/** A limit is usually a round number and is written like one: `256 MiB`, `1 GiB`. */
export function formatLimitBytes (bytes: number): string {
  for (const [unit, name] of [[GIB, 'GiB'], [MIB, 'MiB'], [KIB, 'KiB']] as const) {
    if (bytes >= unit && bytes % unit === 0) return `${bytes / unit}${NBSP}${name}`
  }
  return formatBytes(bytes)
}

/** Whole percents from ten on; below that the first decimal still says something. */
export function formatShare (share: number | null): string {
  if (share === null) return NOTHING
  const percent = share * 100
  return withUnit(percent, '%', percent > 0 && percent < 9.95 ? 1 : 0)
}

export function formatCores (cores: number | null): string {
  return cores === null ? NOTHING : cores.toFixed(2)
}

export function formatCount (count: number | null): string {
  return count === null ? NOTHING : String(Math.round(count))
}

export function formatSeconds (seconds: number | null): string {
  if (seconds === null) return NOTHING
  if (seconds < 0.1) return withUnit(seconds * 1000, seconds === 0 ? 's' : 'ms', 0)
  return withUnit(seconds, 's', seconds < 10 ? 2 : 1)
}

/** Latencies: `0.62 ms`, `7.3 ms`, `498 ms`, `16.2 s`. */
export function formatMs (ms: number | null): string {
  if (ms === null) return NOTHING
  if (ms >= 999.5) return withUnit(ms / 1000, 's', 1)
  return withUnit(ms, 'ms', ms >= 99.5 ? 0 : ms >= 9.95 ? 1 : 2)
}

/** As many a second. */
export function formatRate (perSecond: number | null): string {
  return perSecond === null ? NOTHING : `${Number(perSecond.toFixed(1))}/s`
}

/** A peak that the kernel kept, or the highest usage that was seen. */
export function formatPeakName (from: PeakFrom | null | undefined): string {
  return peakName(from)
}

/** `1 job`, `2 jobs`. */
export function formatNumberOf (count: number, one: string, many = `${one}s`): string {
  return `${count}${NBSP}${count === 1 ? one : many}`
}

/**
 * From 00 to 23: with no more than `hour12: false` some languages count to 24, and 24:05 on the tenth reads as the
 * eleventh. Two digits also where the language would write one, so that times stand below each other.
 */
const hourAndMinute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** Hours, minutes and seconds where the reader is, in the reader's language. */
export function formatTime (at: string | number, language?: string): string {
  return new Date(at).toLocaleTimeString(language, { ...hourAndMinute, second: '2-digit' })
}

/** Hours and minutes where the reader is. */
export function formatHour (at: string | number, language?: string): string {
  return new Date(at).toLocaleTimeString(language, hourAndMinute)
}

/** Day, month, hours and minutes where the reader is. */
export function formatMoment (at: string | number, language?: string): string {
  return new Date(at).toLocaleString(language, { day: 'numeric', month: 'short', ...hourAndMinute })
}

function withUnit (value: number, unit: string, decimals: number): string {
  const digits = value.toFixed(decimals)
  return `${Number(digits) === 0 ? '0' : digits}${NBSP}${unit}`
}
