import { expect, test } from '@jest/globals'
import { unknownLimits, type Limits } from '#cgroup/reading.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import { verdictOf } from '#lab/experiments/judging/verdict.ts'
import { sweepAgrees } from '#lab/experiments/sweep-agrees.ts'
import type { Verdict } from '#lab/wire/experiments.ts'
import { apiLoad } from '../support/api-loads.ts'
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
  below: { cpus: 0.2, load: apiLoad({ p99Ms: 900 }) }
}

interface Seen { limits?: Limits, life?: number[], nrThrottled?: number[] }

/** The load below the least limit goes from the second reading to the third. */
function judged (given: Partial<Facts> = {}, { limits = half, life, nrThrottled = [0, 0, 9] }: Seen = {}): Verdict {
  const readings = containerWith({ cpuUsageUs: [0, 1, 2], nrPeriods: [0, 0, 10], nrThrottled }, life)
  const recording = recordingOf({ ...readings, service: 'api', limits })
  return verdictOf(sweepAgrees.judge(new Evidence(recording), { ...calm, ...given }))
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
  const nothing = { knee: null, below: null }
  const disturbed = { outcome: 'not_measured', summary: 'The limits were not the bottleneck.', ...nothing } as const
  const { outcome, summary } = judged(disturbed)
  expect([outcome, summary]).toEqual(['not_measured', 'The sweep found no limit: The limits were not the bottleneck.'])
})

test('a load that the generator could not keep up shows nothing', () => {
  const late = apiLoad({ p99Ms: 900, latenessMs: 800, keptPace: false })
  expect(judged({ below: { cpus: 0.2, load: late } }).outcome).toBe('not_measured')
})

const GOAL = 'the sweep finds a limit, and confirms it'

test.each<[string, Verdict, string]>([
  ['an API that does not meet the goal with all CPUs', judged({ outcome: 'goal_not_met', knee: null, below: null }), GOAL],
  ['a limit below which the API is hardly throttled', judged({}, { nrThrottled: [0, 0, 1] }), 'with a fifth less the kernel throttles the API in most periods'],
  ['a limit below which the goal is met as well', judged({ below: { cpus: 0.2, load: apiLoad() } }), 'with a fifth less the goal is missed'],
  ['a limit that was not put back', judged({}, { limits: { ...half, cpuMax: { quotaUs: 31_000, periodUs: 100_000 } } }), 'afterwards the limit is as it was'],
  ['an API that was started again', judged({}, { life: [1, 1, 2] }), 'api is not restarted']
])('%s does not hold', (_case, verdict, claim) => {
  expect(refuted(verdict)).toContain(claim)
})
