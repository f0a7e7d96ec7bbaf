import { expect, test } from '@jest/globals'
import { throttledShareBetween, throttlingBetween } from '#lab/observing/sampling/throttling.ts'
import { readingOf } from '#support/readings.ts'

const counted = (nrPeriods: number | null, nrThrottled: number | null, inode = 1) => readingOf({ inode, cpu: { nrPeriods, nrThrottled } })

test.each([
  ['stopped in some periods', counted(10, 2), counted(20, 5), 'throttled', 0.3],
  ['stopped in none', counted(10, 2), counted(20, 2), 'not_throttled', 0],
  ['idle', counted(10, 2), counted(10, 2), 'not_throttled', null],
  ['read for the first time', null, counted(20, 5), 'not_measured', null],
  ['restarted in between', counted(10, 2, 1), counted(20, 5, 2), 'not_measured', null],
  ['whose kernel does not count', counted(null, null), counted(null, null), 'not_measured', null],
  ['whose counter fell', counted(10, 5), counted(20, 2), 'not_measured', null]
] as const)('throttling of a container %s', (_case, before, after, throttling, share) => {
  expect(throttlingBetween(before, after)).toBe(throttling)
  expect(throttledShareBetween(before, after)).toBe(share)
})
