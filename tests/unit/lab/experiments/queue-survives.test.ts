import { expect, test } from '@jest/globals'
import { queueSurvives } from '#lab/experiments/queue-survives.ts'
import { containerOf, judged, recordedRun, refuted, restart, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof queueSurvives.judge>[1]
const run = (name = 'queue-survives.v1'): RecordedRun<Facts> => recordedRun(name)

test('a Redis that was killed under load, and of whose jobs none was lost, holds', () => {
  const { outcome, checks, summary } = judged(queueSurvives, run())
  expect(outcome).toBe('holds')
  expect(checks[0]).toMatchObject({
    claim: 'the kernel kills a process in redis',
    saw: expect.stringContaining('oom_kill +1')
  })
  expect(summary).toMatch(
    /^Redis, whose limit is 128 MiB, was gone when it had to hold 256 MiB\. (\d+) jobs were accepted, [1-9]\d* of them meanwhile, \d+ were not; of \1: \1 succeeded; \d+ ran twice\.$/
  )
})

test('without the reconciler it does not hold: what was accepted while Redis was away stays queued', () => {
  const verdict = judged(queueSurvives, run('queue-survives.not-reconciled.v1'))
  expect(refuted(verdict)).toEqual(['every job that was accepted runs and succeeds'])
  expect(verdict.summary).toContain('of 120: 71 succeeded, 49 queued; ')
})

test.each<[string, (run: RecordedRun<Facts>) => void, string]>([
  ['a job that is no longer known', run => { run.facts.jobs[0] = null }, 'every job that was accepted runs and succeeds'],
  ['a Redis that lost the connection without a kill', run => { run.recording.events = [] }, 'the kernel kills a process in redis'],
  ['a Redis that was not started again', run => { containerOf(run, 'redis').life.fill(1) }, 'the container of redis ends and is started again'],
  ['a worker that died with Redis', run => restart(run, 'worker'), 'no other service is restarted']
])('%s does not hold', (_case, change, claim) => {
  expect(refuted(judged(queueSurvives, run(), change))).toEqual([claim])
})

test('a job that ran twice and was recorded once holds, and is counted', () => {
  const verdict = judged(queueSurvives, run(), ({ facts }) => { facts.jobs[5]!.attempts = 2 })
  expect([verdict.outcome, verdict.summary]).toEqual(['holds', expect.stringContaining('; 1 ran twice.')])
})

test('an outage in which no job was accepted is not measured: there was nothing to lose', () => {
  expect(judged(queueSurvives, run(), ({ facts }) => { facts.acceptedMeanwhile = 0 }).outcome).toBe('not_measured')
})
