import { expect, test } from '@jest/globals'
import { unknownLimits, type Limits } from '#cgroup/reading.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import { verdictOf } from '#lab/experiments/judging/verdict.ts'
import { sweepAgrees } from '#lab/experiments/sweep-agrees.ts'
import type { Verdict } from '#lab/wire/experiments.ts'
import { refuted } from '../support/recorded.ts'
import { containerWith, recordingOf } from '../support/recordings.ts'

type Facts = Parameters<typeof sweepAgrees.judge>[1]

const half: Limits = { ...unknownLimits, cpuMax: { quotaUs: 50_000, periodUs: 100_000 } }

/** Of a sweep on a calm machine: a request takes 6.4 ms, so 40 a second take 0.256 CPU. */
const calm: Facts = {
  cpuMs: 6.4,
  sweep: { state: 'finished', error: null, before: { cpus: 0.5, memoryBytes: 268_435_456, pids: 128 } },
  outcome: 'recommended',
  summary: '0.26 CPU is the least with which api meets the goal.',
  knee: { passed: 0.262, failed: 0.246 },
  throttledBelow: 0.73
}

function judged (given: Partial<Facts> = {}, limits = half, life?: number[]): Verdict {
  const api = { ...containerWith({ cpuUsageUs: [0, 1, 2] }, life), service: 'api', limits }
  return verdictOf(sweepAgrees.judge(new Evidence(recordingOf(api)), { ...calm, ...given }))
}

test('a sweep that finds about what the requests take holds, and says how they compare', () => {
  expect(judged()).toMatchObject({
    outcome: 'holds',
    summary: 'The least limit that was enough is 0.26 CPU, 1.02 times the 0.26 CPU that the requests take.'
  })
})

test.each([[0.21, 'holds'], [0.3, 'holds'], [0.2, 'does_not_hold'], [0.32, 'does_not_hold']])(
  'a least limit of %f CPU, where the requests take 0.256: %s', (passed, outcome) => {
    expect(judged({ knee: { passed, failed: 0.15 } }).outcome).toBe(outcome)
  })

test('a sweep whose trials were disturbed shows nothing', () => {
  const nothing = { knee: null, throttledBelow: null }
  const disturbed = { outcome: 'not_measured', summary: 'The limits were not the bottleneck.', ...nothing } as const
  const { outcome, summary } = judged(disturbed)
  expect([outcome, summary]).toEqual(['not_measured', 'The sweep found no limit: The limits were not the bottleneck.'])
})

test('a least limit below which nothing was tried shows nothing', () => {
  expect(judged({ knee: { passed: 0.26, failed: null }, throttledBelow: null }).outcome).toBe('not_measured')
})

test.each<[string, Verdict, string]>([
  ['an API that cannot even meet the goal with all CPUs', judged({ outcome: 'goal_not_met', knee: null }), 'the sweep finds a limit, and confirms it'],
  ['a limit below which the API was hardly throttled', judged({ throttledBelow: 0.1 }), 'with less the kernel throttles the API in most periods'],
  ['a limit that was not put back', judged({}, { ...half, cpuMax: { quotaUs: 31_000, periodUs: 100_000 } }), 'afterwards the limit is as it was'],
  ['an API that was started again', judged({}, half, [1, 1, 2]), 'api is not restarted']
])('%s does not hold', (_case, verdict, claim) => {
  expect(refuted(verdict)).toEqual([claim])
})
