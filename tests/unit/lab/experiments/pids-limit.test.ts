import { expect, test } from '@jest/globals'
import { pidsLimit } from '#lab/experiments/pids-limit.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof pidsLimit.judge>[1]
const run = (name = 'pids-limit.v1'): RecordedRun<Facts> => recordedRun(name)

test('processes beyond the limit that were refused hold, and the verdict says how many', () => {
  const { outcome, checks, summary } = judged(pidsLimit, run())
  expect(outcome).toBe('holds')
  expect(checks[0]).toEqual({
    claim: 'the kernel refuses tasks',
    source: 'worker: pids.events max',
    saw: '+91',
    holds: true
  })
  expect(summary).toBe('Of 200 processes the kernel refused 91; the worker had up to 128 tasks of 128.')
})

test('a worker that may have 512 tasks does not hold: all processes started', () => {
  const verdict = judged(pidsLimit, run('pids-limit.512.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual(['the kernel refuses tasks', 'the job learns of the refused processes'])
})

test('a worker without a limit does not hold, however many tasks it has', () => {
  const verdict = judged(pidsLimit, run(), run => { containerOf(run, 'worker').limits.pidsMax = 'max' })
  expect(refuted(verdict)).toEqual(['the worker\'s tasks stay within its limit, except while a health check joins (at most 16)'])
  expect(verdict.summary).toContain('128 tasks of max')
})

test.each([
  [144, 'holds'],
  [145, 'does_not_hold']
])('%d tasks of 128, of which 16 may have joined from outside: %s', (tasks, outcome) => {
  expect(
    judged(pidsLimit, run(), run => {
      containerOf(run, 'worker').series.pids.fill(tasks, 12, 13)
    }).outcome
  ).toBe(outcome)
})

test('a worker that stays above its limit does not hold, by however little', () => {
  const stays = (run: RecordedRun<Facts>) => {
    const { pids } = containerOf(run, 'worker').series
    containerOf(run, 'worker').series.pids = pids.map(tasks => tasks === null || tasks < 128 ? tasks : 129)
  }
  expect(refuted(judged(pidsLimit, run(), stays))).toEqual(['the worker\'s tasks stay within its limit, except while a health check joins (at most 16)'])
})

test.each([
  ['a worker that was restarted', 'worker is not restarted', (run: RecordedRun<Facts>) => { containerOf(run, 'worker').life.fill(1, -3) }],
  ['a neighbour that was restarted', 'no other service is restarted', (run: RecordedRun<Facts>) => { containerOf(run, 'postgres').life.fill(1, -3) }],
  ['a neighbour that did not answer', 'the other services answer all the time', (run: RecordedRun<Facts>) => { for (const i of [2, 3]) run.recording.health[i]!.down = ['redis'] }],
  ['a job that was killed', 'nothing is killed for it: the job succeeds', (run: RecordedRun<Facts>) => {
    Object.assign(run.facts.job, { status: 'failed', error: { code: 'crashed', message: '' } })
  }]
])('%s does not hold', (_case, claim, change) => {
  expect(refuted(judged(pidsLimit, run(), change))).toEqual([claim])
})

test('where the kernel does not count refusals it is not measured', () => {
  expect(judged(pidsLimit, run(), run => forget(run, 'worker', 'pidsLimitHits')).outcome).toBe('not_measured')
})

test('an unknown limit is not measured', () => {
  const verdict = judged(pidsLimit, run(), run => { containerOf(run, 'worker').limits.pidsMax = null })
  expect(verdict.outcome).toBe('not_measured')
  expect(verdict.summary).toContain('128 tasks of an unknown limit')
})

test('a job that was lost with its worker leaves open what it learned', () => {
  const verdict = judged(pidsLimit, run(), run => {
    Object.assign(run.facts.job, { status: 'failed', result: null, error: { code: 'worker_lost', message: '' } })
  })
  expect(verdict.outcome).toBe('does_not_hold')
  expect(verdict.checks.find(({ claim }) => claim.startsWith('the job learns'))).toMatchObject({
    holds: null,
    saw: 'not measured'
  })
})
