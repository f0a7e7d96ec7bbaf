import { expect, test } from '@jest/globals'
import { risePerHour } from '#scripts/bench/slope.ts'

test('values that rise by one a minute rise by 60 an hour, whatever the minutes between them', () => {
  expect(risePerHour([5, 6, 7, 8], 1)).toBeCloseTo(60)
  expect(risePerHour([5, 7, 9], 2)).toBeCloseTo(60)
})

test('values that swing around a mean do not rise', () => {
  expect(risePerHour([1, 3, 3, 1], 1)).toBeCloseTo(0)
})

test('a single value has no slope', () => {
  expect(risePerHour([4], 1)).toBe(0)
})
