import type { Reading } from '#cgroup/reading.ts'
import type { Throttling } from '#lab/wire/live.ts'

/**
 * Was it stopped for having used up its quota? Three answers: where the kernel does not count, "no" would be a guess.
 */
export function throttlingBetween (before: Reading | null, after: Reading): Throttling {
  const throttled = rise(before, after, 'nrThrottled')
  if (throttled === null) return 'not_measured'
  return throttled > 0 ? 'throttled' : 'not_throttled'
}

/**
 * Of the periods in which it wanted CPU, the share in which it was stopped. `null`: there was none, or nobody counts.
 */
export function throttledShareBetween (before: Reading | null, after: Reading): number | null {
  const periods = rise(before, after, 'nrPeriods')
  const throttled = rise(before, after, 'nrThrottled')
  return periods === null || periods === 0 || throttled === null ? null : throttled / periods
}

function rise (before: Reading | null, after: Reading, key: 'nrPeriods' | 'nrThrottled'): number | null {
  if (before === null || before.inode !== after.inode) return null
  const from = before.cpu[key]
  const to = after.cpu[key]
  return from === null || to === null || to < from ? null : to - from
}
