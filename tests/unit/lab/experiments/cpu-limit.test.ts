import { expect, test } from '@jest/globals'
import { cpuLimit } from '#lab/experiments/cpu-limit.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof cpuLimit.judge>[1]
const run = (name = 'cpu-limit.v1'): RecordedRun<Facts> => recordedRun(name)

/** As with this quota, in microseconds of every 100 ms. */
const withQuota = (quotaUs: number | 'max') => (run: RecordedRun<Facts>) => { containerOf(run, 'worker').limits.cpuMax = { quotaUs, periodUs: 100_000 } }

test('a job that wants more than the quota is slowed to it, and the verdict cites files and numbers', () => {
  const { outcome, checks, summary } = judged(cpuLimit, run())
  expect(outcome).toBe('holds')
  expect(checks[0]).toEqual({
    claim: 'the worker gets its quota of CPU time, and not more', source: 'worker: cpuacct.usage, cpu.cfs_quota_us', saw: '0.50 CPU of 0.50 CPU', holds: true
  })
  expect(checks[1]).toMatchObject({ source: 'worker: cpu.stat nr_throttled / nr_periods', saw: '100 %' })
  expect(summary).toBe('The worker got 0.50 CPU of 0.50 CPU, and the job succeeded: 6.2 s for 3.0 s of CPU time.')
})

test('a worker without a limit does not hold, though there is neither a period nor a quota to compare with', () => {
  const verdict = judged(cpuLimit, run('cpu-limit.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual(['the worker gets its quota of CPU time, and not more'])
  expect(verdict.summary).toContain('CPU of max')
})

test('a worker that gets clearly more than its quota does not hold', () => {
  expect(refuted(judged(cpuLimit, run(), withQuota(30_000)))).toEqual(
    ['the worker gets its quota of CPU time, and not more', 'the job takes at least its CPU time divided by the quota'])
})

test('a quota that two threads do not reach is not measured, and neither is what follows from it', () => {
  const { outcome, checks } = judged(cpuLimit, run(), run => {
    withQuota(200_000)(run)
    containerOf(run, 'worker').series.nrThrottled.fill(0)
  })
  expect(outcome).toBe('not_measured')
  expect(checks.slice(0, 2).map(({ holds }) => holds)).toEqual([null, null])
})

test('a quota that was met without a stop does not hold', () => {
  const verdict = judged(cpuLimit, run(), run => { containerOf(run, 'worker').series.nrThrottled.fill(0) })
  expect(refuted(verdict)).toEqual(['the kernel stops it in at least 50 % of its periods'])
})

test('a job that was faster than its quota allows does not hold', () => {
  const verdict = judged(cpuLimit, run(), run => { run.facts.job.result!.wallMs = 1500 })
  expect(refuted(verdict)).toEqual(['the job takes at least its CPU time divided by the quota'])
})

test.each([
  ['a job that failed', 'nothing fails: the job only takes longer', (run: RecordedRun<Facts>) => {
    Object.assign(run.facts.job, { status: 'failed', error: { code: 'timeout', message: '' } })
  }],
  ['a kill', 'no process is killed in the worker', (run: RecordedRun<Facts>) => { containerOf(run, 'worker').series.oomKill.fill(1, -3) }],
  ['a restart', 'worker is not restarted', (run: RecordedRun<Facts>) => { containerOf(run, 'worker').life.fill(1, -1) }],
  ['a neighbour that did not answer', 'the other services answer all the time', (run: RecordedRun<Facts>) => { for (const i of [2, 3]) run.recording.health[i]!.down = ['api'] }]
])('%s does not hold', (_case, claim, change) => {
  expect(refuted(judged(cpuLimit, run(), change))).toEqual([claim])
})

test('a job that was lost has no times, and the verdict says so', () => {
  const { checks, summary } = judged(cpuLimit, run(), run => {
    Object.assign(run.facts.job, { status: 'failed', result: null, error: { code: 'worker_lost', message: '' } })
  })
  expect(checks.find(({ claim }) => claim.startsWith('the job takes'))).toMatchObject({
    holds: null,
    saw: 'not measured'
  })
  expect(summary).toContain('the job failed: not measured')
})

test('where the kernel does not report CPU time or periods it is not measured', () => {
  expect(judged(cpuLimit, run(), run => forget(run, 'worker', 'cpuUsageUs', 'nrPeriods')).outcome).toBe('not_measured')
})
