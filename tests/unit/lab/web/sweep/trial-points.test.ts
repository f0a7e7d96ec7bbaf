import { expect, test } from '@jest/globals'
import { failedShare, marksOf, memoryWantOf, pointsOf, rangeOf, wantValues } from '#lab/web/sweep/trial-points.ts'
import type { Trial } from '#lab/wire/sweep.ts'
import { figuresOf, sweepOf, trialOf } from '../../support/trials.ts'
import { MIB, result } from '../support/sweeps.ts'

const none = { knee: null, recommended: null, current: null }

function cpuTrial (number: number, cpus: number, given: Partial<Trial> = {}): Trial {
  return trialOf({ number, limits: { cpus, memoryBytes: 256 * MIB, pids: 128 }, ...given })
}

test('points are in the order of their limits, and those of one limit as they were made', () => {
  const trials = [cpuTrial(2, 0.3), cpuTrial(3, 0.2), cpuTrial(4, 0.2, { outcome: 'failed' })]
  expect(pointsOf(trials, 'cpus', ({ p99Ms }) => p99Ms)).toEqual([
    { number: 3, limit: 0.2, value: 20, outcome: 'passed' },
    { number: 4, limit: 0.2, value: 20, outcome: 'failed' },
    { number: 2, limit: 0.3, value: 20, outcome: 'passed' }
  ])
})

test('the baseline and the search for another limit are no points, the confirmation is one', () => {
  const trials = (['baseline', 'cpus', 'memory', 'confirmation'] as const)
    .map((purpose, i) => cpuTrial(i + 1, 0.3, { purpose }))
  expect(pointsOf(trials, 'cpus', () => 1).map(({ number }) => number)).toEqual([2, 4])
  expect(pointsOf(trials, 'memoryMib', () => 1)).toMatchObject([{ number: 3, limit: 256 }, { number: 4, limit: 256 }])
})

test('a trial without figures has no value', () => {
  expect(pointsOf([cpuTrial(1, 0.3, { figures: null })], 'cpus', () => 1)).toMatchObject([{ value: null }])
})

test('knee and recommendation are marked in the unit of the axis', () => {
  const sweep = sweepOf({ result })
  expect(marksOf(sweep, 'cpus')).toMatchObject({ knee: { passed: 0.295, failed: 0.27 }, recommended: 0.36 })
  expect(marksOf(sweep, 'memoryMib')).toMatchObject({ knee: { passed: 86, failed: null }, recommended: 104 })
})

test('the trial that is running is marked over the limit that is searched for, and over no other', () => {
  const limits = { cpus: 0.3, memoryBytes: 80 * MIB, pids: 128 }
  const sweep = sweepOf({ current: { number: 7, purpose: 'memory', limits, step: 'judging' } })
  expect(marksOf(sweep, 'memoryMib').current).toEqual({ number: 7, limit: 80 })
  expect(marksOf(sweep, 'cpus')).toEqual(none)
})

test('the range has all points and marks with some room, and never less than none', () => {
  const points = pointsOf([cpuTrial(1, 0.2), cpuTrial(2, 0.3)], 'cpus', () => 1)
  const [from, to] = rangeOf('cpus', points, { ...none, recommended: 0.36 })
  expect([from > 0 && from < 0.2, to > 0.36 && to < 0.4]).toEqual([true, true])
  expect(rangeOf('memoryMib', [], none)).toEqual([0, 256])
})

test.each([
  ['PSI', { memoryPressureShare: 0 }, 'pressure'],
  ['refaults', { memoryPressureShare: null }, 'refaults'],
  ['hits of the limit', { memoryPressureShare: null, refaults: null }, 'limitHits']
])('the want for memory is shown by %s where the kernel counts that', (_name, figures, want) => {
  expect(memoryWantOf([trialOf({ figures: figuresOf(figures) }), trialOf({ figures: null })])).toBe(want)
})

test('refaults are per second, and a share of nothing is not zero', () => {
  expect(wantValues.refaults(figuresOf({ refaults: 800, seconds: 8 }))).toBe(100)
  expect(failedShare(figuresOf({ due: 0, failed: 0 }))).toBeNull()
})
