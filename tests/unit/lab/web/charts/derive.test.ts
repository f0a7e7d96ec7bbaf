import { expect, test } from '@jest/globals'
import { risesOverLives } from '#cgroup/counters.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import { highestOf, rateLine, shareLine, type Totals } from '#lab/web/charts/derive.ts'
import { plannedCharts } from '#lab/web/experiments/charted-series.ts'
import { recordedCharts } from '#lab/web/experiments/run-charts.ts'
import { containerWith, recordingOf } from '../../support/recordings.ts'

/** Totals of one life, unless others are given. */
function totals (values: Array<number | null>, lives = values.map(() => 7)): Totals {
  return values.map((value, i) => value === null ? null : { life: lives[i]!, value })
}

test('a rise counts from the first value, and over a restart from 0', () => {
  expect(risesOverLives(totals([5, 5, 7, 0, 1], [7, 7, 7, 8, 8]))).toEqual([0, 0, 2, 2, 3])
})

test('a missing reading stays missing, and what rose meanwhile is counted after it', () => {
  expect(risesOverLives(totals([null, 3, null, 6]))).toEqual([null, 0, null, 3])
})

test('a rate is what a total rose by per second', () => {
  expect(rateLine(totals([0, 1, 3]), [0, 0.5, 1], 0)).toEqual([null, 2, 4])
})

test('a rate over a window looks back at least so far', () => {
  expect(rateLine(totals([0, 1, 3, 4]), [0, 0.5, 1, 1.5], 1)).toEqual([null, 2, 3, 3])
})

test.each([
  ['a restart', totals([4, 1], [7, 8])],
  ['a restart after which more was counted', totals([1, 4], [7, 8])],
  ['a counter that fell', totals([4, 1])],
  ['a missing reading', totals([null, 1])]
])('there is no rate across %s', (_case, given) => {
  expect(rateLine(given, [0, 1], 0)).toEqual([null, null])
})

test('a share is the part of what rose', () => {
  expect(shareLine(totals([0, 2]), totals([10, 14]), [0, 1], 1)).toEqual([null, 0.5])
})

test('a share of what did not rise is null', () => {
  expect(shareLine(totals([0, 0]), totals([10, 10]), [0, 1], 1)).toEqual([null, null])
})

test('the highest of missing values is null, and not 0', () => {
  expect([highestOf([null, 3, 1]), highestOf([null]), highestOf([-2])]).toEqual([3, null, -2])
})

test.each([
  ['that counted as much again as it had before', [0, 1, 1, 1], [7, 7, 8, 8], 2],
  ['that counted more than it had before', [0, 1, 3, 4], [7, 7, 8, 8], 5],
  ['that counted less than it had before', [5, 9, 1, 2], [7, 7, 8, 8], 6],
  ['of a life that was never read', [0, 1, null, 2], [7, 7, 8, 9], 3]
])('over a restart %s, a chart rises to what the verdict counts', (_case, memoryLimitHits, lives, rise) => {
  const recording = recordingOf(containerWith({ memoryLimitHits }, lives))
  const plan = plannedCharts([{ service: 'worker', series: ['memoryLimitHits'] }])
  const [chart] = recordedCharts(plan, { startedAt: '2026-11-22T09:00:00.000Z', recording })
  const judged = new Evidence(recording).of('worker').rise('memoryLimitHits', [0, 5])
  expect([judged, highestOf(chart!.lines[0]!.values)]).toEqual([rise, rise])
})
