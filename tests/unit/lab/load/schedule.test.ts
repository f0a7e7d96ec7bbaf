import { expect, test } from '@jest/globals'
import { Schedule } from '#lab/load/schedule.ts'

test('at a constant rate requests are due at equal intervals, the first one at once', () => {
  const schedule = new Schedule([50], 2000)
  expect(schedule.total).toBe(100)
  expect([0, 1, 99].map(request => schedule.dueMs(request))).toEqual([0, 20, 1980])
})

test('several rates share the duration equally, and each begins where the one before it ends', () => {
  const schedule = new Schedule([10, 20, 40], 3000)
  expect(schedule.total).toBe(70)
  expect([0, 9, 10, 29, 30, 69].map(request => schedule.dueMs(request))).toEqual([0, 900, 1000, 1950, 2000, 2975])
  expect([0, 9, 10, 29, 30, 69].map(request => schedule.stepOf(request))).toEqual([0, 0, 1, 1, 2, 2])
})

test.each([
  [[0.1], 1000, 1],
  [[3], 500, 2],
  [[0.5, 0.5], 10_000, 6]
])('%j requests/s for %d ms are %d requests', (rates, ms, total) => {
  expect(new Schedule(rates, ms).total).toBe(total)
})
