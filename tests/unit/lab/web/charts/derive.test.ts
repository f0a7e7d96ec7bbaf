import { expect, test } from '@jest/globals'
import { highestOf, rateOf, riseOf, shareOf } from '#lab/web/charts/derive.ts'

test('a rise counts from the first value, and over a restart from 0', () => {
  expect(riseOf([5, 5, 7, 0, 1])).toEqual([0, 0, 2, 2, 3])
})

test('a missing reading stays missing, and what rose meanwhile is counted after it', () => {
  expect(riseOf([null, 3, null, 6])).toEqual([null, 0, null, 3])
})

test('a rate is what a total rose by per second', () => {
  expect(rateOf([0, 1, 3], [0, 0.5, 1], 0)).toEqual([null, 2, 4])
})

test('a rate over a window looks back at least so far', () => {
  expect(rateOf([0, 1, 3, 4], [0, 0.5, 1, 1.5], 1)).toEqual([null, 2, 3, 3])
})

test.each([['a restart', [4, 1]], ['a missing reading', [null, 1]]])('there is no rate across %s', (_case, totals) => {
  expect(rateOf(totals, [0, 1], 0)).toEqual([null, null])
})

test('a share is the part of what rose', () => {
  expect(shareOf([0, 2], [10, 14], [0, 1], 1)).toEqual([null, 0.5])
})

test('there is no share of nothing', () => {
  expect(shareOf([0, 0], [10, 10], [0, 1], 1)).toEqual([null, null])
})

test('the highest of nothing is nothing, and not 0', () => {
  expect([highestOf([null, 3, 1]), highestOf([null]), highestOf([-2])]).toEqual([3, null, -2])
})
