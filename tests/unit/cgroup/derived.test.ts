import { expect, test } from '@jest/globals'
import { monotonicUs, nsToUs, swapAlone, ticksToUs, workingSet } from '#cgroup/derived.ts'
import type { Limit } from '#cgroup/reading.ts'

test('nsToUs of nanoseconds rounds down, so that a counter never runs ahead', () => {
  expect(nsToUs(5598822832)).toBe(5598822)
  expect(nsToUs(null)).toBeNull()
})

test('ticksToUs of a tick is 10 ms', () => {
  expect(ticksToUs(715)).toBe(7_150_000)
  expect(ticksToUs(undefined)).toBeNull()
})

test.each([
  [100, 30, 70],
  [100, 130, 0],
  [null, 30, null],
  [100, null, null]
])('workingSet of %p with %p inactive is %p', (current, inactive, bytes) => {
  expect(workingSet(current, inactive)).toBe(bytes)
})

test.each<[Limit, Limit, Limit]>([
  [64, 128, 64],
  [64, 64, 0],
  [64, 'max', 'max'],
  ['max', 'max', 'max'],
  ['max', 128, 128],
  [64, null, null]
])('swapAlone of memory %p and memsw %p is %p', (memory, memsw, swap) => {
  expect(swapAlone(memory, memsw)).toBe(swap)
})

test('monotonicUs of two moments never falls', () => {
  const first = monotonicUs()
  expect(monotonicUs()).toBeGreaterThanOrEqual(first)
  expect(Number.isInteger(first)).toBe(true)
})
