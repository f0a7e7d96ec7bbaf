/**
 * Turns the text of cgroup files into values, as pure functions. If a value that matters cannot be understood, it is
 * refused, with the text in the message. Unknown keys are skipped, because kernels add new ones in the middle of a
 * file.
 */
import type { CpuMax, Limit } from './reading.ts'

/**
 * v1 writes "no limit" as the largest count of pages, in bytes (include/linux/page_counter.h, PAGE_COUNTER_MAX). With
 * 64 bits that count is LONG_MAX / page size, so the bytes are just below 2^63 whatever the page: 9223372036854771712
 * with pages of 4 KiB. Anything from here up.
 */
const UNLIMITED_BYTES = 2 ** 62

/**
 * With 32 bits the count is LONG_MAX itself: 8796093018112 bytes with pages of 4 KiB, a page less than 8 TiB. A large
 * host may have a real limit of 8 TiB or more, so here only the exact numbers that these kernels write mean "no limit".
 */
const UNLIMITED_BYTES_32 = new Set([4, 16, 64].map(pageKib => (2 ** 31 - 1) * pageKib * 1024))

/** The period if `cpu.max` has none (cgroup-v2.rst, "CPU Interface Files"). */
const DEFAULT_PERIOD_US = 100_000

/**
 * Parses one of the values in a text; `key` names it. It returns `null` if the value cannot be parsed, after reporting
 * that.
 */
export type TakeValue = <T>(key: string, text: string, parse: (text: string) => T) => T | null

/** A value that cannot be parsed makes the whole text invalid. */
export const takeOrThrow: TakeValue = (key, text, parse) => {
  try {
    return parse(text)
  } catch (error) {
    throw new Error(`${key}: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Accepts only digits. Above 2^53 the result is the nearest number a double can hold: for a counter of nanoseconds that
 * is 104 days of CPU time, after which it is rounded by a nanosecond or two. A limit of that size never becomes a
 * number.
 */
export function parseWhole (word: string): number {
  const whole = digits(word)
  if (whole !== null) return whole
  if (!/^\d+$/.test(word)) throw new Error(`expected a whole number, got ${JSON.stringify(word)}`)
  return Number(word)
}

/** A double holds any number of at most this many digits exactly. */
const EXACT_DIGITS = 15

/**
 * Parses nearly every number in every file without a regular expression. `null` means that the word is something else.
 */
function digits (word: string): number | null {
  if (word.length === 0 || word.length > EXACT_DIGITS) return null
  let whole = 0
  for (let i = 0; i < word.length; i++) {
    const digit = word.charCodeAt(i) - CODE_OF_0
    if (digit < 0 || digit > 9) return null
    whole = whole * 10 + digit
  }
  return whole
}

const CODE_OF_0 = 48

/** Like `parseWhole`, and also accepts the end of the line. */
export function parseWholeLine (text: string): number {
  return parseWhole(text.trim())
}

/**
 * Parses a number that the kernel counts. Per-CPU batches can take such a number below zero for a moment; some kernels
 * then print `-4096` and some the same bits without a sign, 18446744073709547520. Both mean "about nothing".
 */
export function parseCount (text: string): number {
  const whole = digits(text.endsWith('\n') ? text.slice(0, -1) : text)
  if (whole !== null) return whole
  const word = text.trim()
  if (/^-\d+$/.test(word)) return 0
  const count = parseWhole(word)
  return count >= 2 ** 63 ? 0 : count
}

/** `max` or a number: `memory.max`, `pids.max`, `memory.swap.max`. Bytes or tasks. */
export function parseLimit (text: string): Limit {
  const word = text.trim()
  return word === 'max' ? 'max' : limitOf(parseWhole(word))
}

/**
 * v1 bytes: `-1` (older interfaces), or the largest number the kernel can count, is "no limit". cgroup-v1/memory.rst.
 */
export function parseLimitV1 (text: string): Limit {
  if (text.trim() === '-1') return 'max'
  const limit = parseLimit(text)
  return typeof limit === 'number' && UNLIMITED_BYTES_32.has(limit) ? 'max' : limit
}

/** Decides this before the number is used or printed: as a double it would read 9223372036854772000. */
function limitOf (value: number): Limit {
  return value >= UNLIMITED_BYTES ? 'max' : value
}

/**
 * `max 100000` or `50000 100000`: microseconds of CPU time per period. One field is legal. cgroup-v2.rst, "cpu.max".
 */
export function parseCpuMax (text: string): CpuMax {
  const [quota = '', period, ...rest] = text.trim().split(' ')
  if (rest.length > 0) throw new Error(`expected quota and period, got ${JSON.stringify(text)}`)
  return {
    quotaUs: quota === 'max' ? 'max' : parseWhole(quota),
    periodUs: period === undefined ? DEFAULT_PERIOD_US : parsePeriod(period)
  }
}

/** v1 `cpu.cfs_period_us`; the quota is in `cpu.cfs_quota_us`. scheduler/sched-bwc.rst. */
export function parsePeriod (text: string): number {
  const periodUs = parseWholeLine(text)
  if (periodUs === 0) throw new Error('expected a period of at least 1 us, got 0')
  return periodUs
}

/** v1 `cpu.cfs_quota_us`: microseconds, or `-1`, which is no limit. */
export function parseQuotaV1 (text: string): number | 'max' {
  const quota = text.trim()
  return quota === '-1' ? 'max' : parseWhole(quota)
}

/**
 * `0-3,5` → 5 CPUs. `null`: the list is empty, which in `cpuset.cpus` means "as the parent", not "none".
 * cgroup-v2.rst, "Cpuset Interface Files".
 */
export function countCpus (text: string): number | null {
  const list = text.trim()
  return list === '' ? null : list.split(',').reduce((count, range) => count + sizeOf(range), 0)
}

function sizeOf (range: string): number {
  const [first = '', last = first, ...rest] = range.split('-')
  const size = parseWhole(last) - parseWhole(first) + 1
  if (size < 1 || rest.length > 0) throw new Error(`expected a range of CPUs, got ${JSON.stringify(range)}`)
  return size
}

/**
 * One value of a flat-keyed file (`cpu.stat`, `memory.stat`, `memory.events`, `pids.events`, v1 `memory.oom_control`):
 *
 *     usage_usec 27385997
 *     nr_throttled 513
 *
 * `null` if the key is missing; the order of keys is not fixed. The key that is asked for must have a value that
 * `parse` accepts; all other lines are ignored. Looking for a dozen keys of forty is cheaper than splitting all lines.
 */
export function valueOf<T = number> (
  text: string, key: string,
  parse: (value: string) => T = parseCount as (value: string) => T,
  take: TakeValue = takeOrThrow
): T | null {
  const keyEnd = endOfKey(text, key)
  if (keyEnd === -1) return null
  const lineEnd = text.indexOf('\n', keyEnd)
  return take(key, text.slice(keyEnd + 1, lineEnd === -1 ? text.length : lineEnd), parse)
}

/**
 * `file` is also a part of `inactive_file` and the beginning of `file_mapped`: the key is a whole word at the start of
 * a line.
 */
function endOfKey (text: string, key: string): number {
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    const end = at + key.length
    const isWhole = (at === 0 || text[at - 1] === '\n') && (end === text.length || text[end] === ' ' || text[end] === '\n')
    if (isWhole) return end
  }
  return -1
}
