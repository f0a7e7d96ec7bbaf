import { expect, test } from '@jest/globals'
import { throttlingLatency } from '#lab/experiments/throttling-latency.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof throttlingLatency.judge>[1]
type Change = (run: RecordedRun<Facts>) => void
const run = (name = 'throttling-latency.v1'): RecordedRun<Facts> => recordedRun(name)

const withQuota =
  (quotaUs: number): Change =>
    run => {
      containerOf(run, 'api').limits.cpuMax = { quotaUs, periodUs: 100_000 }
    }
const withP99 =
  (aboveMs: number | null): Change =>
    run => {
      run.facts.above.summary.steps[0]!.latency.p99Ms = aboveMs
    }

test('a p99 that explodes while the CPU stays at the quota holds, and the verdict says from what to what', () => {
  const { outcome, checks, summary } = judged(throttlingLatency, run())
  expect(outcome).toBe('holds')
  expect(checks.slice(0, 3)).toMatchObject([
    { claim: 'below, the API has CPU time left', saw: '43 % of its quota', source: 'api: cpuacct.usage' },
    { saw: '0.50 CPU of 0.50 CPU', source: 'api: cpuacct.usage, cpu.cfs_quota_us' },
    { saw: '97 %', source: 'api: cpu.stat nr_throttled / nr_periods' }
  ])
  expect(summary).toBe('With 3.75 times the requests the API used 0.50 CPU of 0.50 CPU, and p99 went from 16 ms to 7373 ms, 447.4 times as long.')
})

test('an API without a limit does not hold: it serves both loads', () => {
  const verdict = judged(throttlingLatency, run('throttling-latency.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual(['the api gets its quota of CPU time, and not more', 'above, p99 is at least 5 times as long'])
})

test('an API with room that even the higher load leaves does not show anything of its limit', () => {
  const { outcome, checks } = judged(throttlingLatency, run(), run => {
    withQuota(100_000)(run)
    withP99(20)(run)
    containerOf(run, 'api').series.nrThrottled.fill(0)
  })
  expect(outcome).toBe('not_measured')
  expect(checks.slice(1, 4).map(({ holds }) => holds)).toEqual([null, null, null])
})

test.each<[string, string, Change]>([
  ['a p99 that hardly rose', 'above, p99 is at least 5 times as long', withP99(50)],
  ['a load below that had no room', 'below, the API has CPU time left', run => { run.facts.below.window = run.facts.above.window }],
  ['a quota that was met without a stop', 'the kernel stops it in at least 50 % of its periods', run => { containerOf(run, 'api').series.nrThrottled.fill(0) }],
  ['a request that failed', 'no request fails', run => { run.facts.above.summary.total.failed = 1 }],
  ['a restart', 'api is not restarted', run => { containerOf(run, 'api').life.fill(1, -1) }]
])('%s does not hold', (_case, claim, change) => {
  expect(refuted(judged(throttlingLatency, run(), change))).toEqual([claim])
})

test.each<[string, Change]>([
  ['without a latency', withP99(null)],
  ['without the CPU time', run => forget(run, 'api', 'cpuUsageUs')],
  ['with a load generator that was late', run => {
    Object.assign(run.facts.above.summary.generator, { keptPace: false, missedSends: 7 })
  }]
])('%s it is not measured', (_case, change) => {
  expect(judged(throttlingLatency, run(), change).outcome).toBe('not_measured')
})

test('a moment in which the machine was away spoils one of three steps, and not the verdict', () => {
  expect(
    judged(throttlingLatency, run(), run => {
      run.facts.below.summary.steps[1]!.latency.p99Ms = 5000
    }).outcome
  ).toBe('holds')
})
