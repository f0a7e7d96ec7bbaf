/**
 * Numbers as people read them. Only here does a share become a percentage. Units are binary. A no-break space keeps a
 * number and its unit on one line of the page; for a terminal `plain` makes it a plain one.
 */
import { peakName, type PeakFrom } from '#cgroup/peak.ts'
import type { Limit } from '#cgroup/reading.ts'

const NBSP = '\u00a0'
const KIB = 1024
const MIB = KIB * 1024
const GIB = MIB * 1024
const TIB = GIB * 1024

/** For a value that is unknown, or was not measured. */
export const NOTHING = '–'

/** The text with plain spaces, for a terminal. */
export function plain (text: string): string {
  return text.replaceAll(NBSP, ' ')
}

export function formatBytes (bytes: number | null): string {
  if (bytes === null) return NOTHING
  const size = Math.abs(bytes)
  if (size >= TIB) return withUnit(bytes / TIB, 'TiB', 2)
  if (size >= GIB) return withUnit(bytes / GIB, 'GiB', 2)
  if (size >= MIB) return withUnit(bytes / MIB, 'MiB', size >= 100 * MIB ? 0 : 1)
  if (size >= KIB) return withUnit(bytes / KIB, 'KiB', 0)
  return withUnit(bytes, 'B', 0)
}

/** A limit is usually a round number and is written like one: `256 MiB`, `1 GiB`. */
export function formatLimitBytes (limit: Limit | undefined): string {
  if (limit == null) return NOTHING
  if (limit === 'max') return 'max'
  for (const [unit, name] of [[TIB, 'TiB'], [GIB, 'GiB'], [MIB, 'MiB'], [KIB, 'KiB']] as const) {
    if (limit >= unit && limit % unit === 0) return `${limit / unit}${NBSP}${name}`
  }
  return formatBytes(limit)
}

/** Whole percents from ten on; below ten the first decimal still matters. */
export function formatShare (share: number | null | undefined): string {
  if (share == null) return NOTHING
  const percent = share * 100
  return withUnit(percent, '%', percent > 0 && percent < 9.95 ? 1 : 0)
}

export function formatCores (cores: number | null | undefined): string {
  return cores == null ? NOTHING : cores.toFixed(2)
}

export function formatCount (count: Limit | undefined): string {
  return count == null ? NOTHING : count === 'max' ? 'max' : String(Math.round(count))
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

/** `50/s`, `49.5/s`. */
export function formatRate (perSecond: number | null): string {
  return perSecond === null ? NOTHING : `${Number(perSecond.toFixed(1))}/s`
}

/** A peak that the kernel kept is called `peak`, the highest usage that was read `peak seen`. */
export function formatPeakName (from: PeakFrom | null | undefined): string {
  return peakName(from)
}

/** `1 job`, `2 jobs`. */
export function formatNumberOf (count: number, one: string, many = `${one}s`): string {
  return `${count}${NBSP}${count === 1 ? one : many}`
}

/**
 * Hours go from 00 to 23: with `hour12: false` alone some languages count to 24, and 24:05 on the tenth looks like the
 * eleventh. There are two digits even where the language would write one, so that times align.
 */
const hourAndMinute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** Hours, minutes and seconds in the reader's time zone and language. */
export const formatTime = timeFormat({ ...hourAndMinute, second: '2-digit' })

/** Hours and minutes in the reader's time zone. */
export const formatHour = timeFormat(hourAndMinute)

/** Day, month, hours and minutes in the reader's time zone. */
export const formatMoment = timeFormat({ day: 'numeric', month: 'short', ...hourAndMinute })

/** A formatter is made once for each language: making it takes longer than drawing the line above its labels. */
function timeFormat (options: Intl.DateTimeFormatOptions): (at: string | number, language?: string) => string {
  const formatters = new Map<string | undefined, Intl.DateTimeFormat>()
  return (at, language) => {
    const formatter = formatters.get(language) ?? new Intl.DateTimeFormat(language, options)
    formatters.set(language, formatter)
    return formatter.format(new Date(at))
  }
}

/*
 * For the sentences of a verdict. Each quantity always has the same unit, so that two of them can be compared. Spaces
 * are plain, because a verdict is printed on terminals too.
 */

export function mib (bytes: Limit): string {
  return numberOrLimit(bytes, bytes => `${Math.round(bytes / MIB)} MiB`)
}

export function percent (share: number): string {
  return `${Math.round(share * 100)} %`
}

export function cpus (cores: Limit): string {
  return numberOrLimit(cores, cores => `${cores.toFixed(2)} CPU`)
}

export function ms (milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}

export function seconds (seconds: number): string {
  return `${seconds.toFixed(1)} s`
}

function numberOrLimit (limit: Limit, format: (value: number) => string): string {
  return limit === null ? 'an unknown limit' : limit === 'max' ? 'max' : format(limit)
}

function withUnit (value: number, unit: string, decimals: number): string {
  const digits = value.toFixed(decimals)
  return `${Number(digits) === 0 ? '0' : digits}${NBSP}${unit}`
}
