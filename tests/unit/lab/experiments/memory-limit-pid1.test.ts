import { expect, test } from '@jest/globals'
import { memoryLimitPid1 } from '#lab/experiments/memory-limit-pid1.ts'
import { judged, killIn, recordedRun, refuted, restart, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof memoryLimitPid1.judge>[1]
const run = (name = 'memory-limit-pid1.v1'): RecordedRun<Facts> => recordedRun(name)

test('a main process beyond the limit whose container was started again holds, with the kill that outlived the cgroup as evidence', () => {
  const { outcome, checks, summary } = judged(memoryLimitPid1, run())
  expect(outcome).toBe('holds')
  expect(checks[0]).toMatchObject({
    claim: 'the kernel kills a process in api',
    saw: expect.stringContaining('victim: PID 1 (the container ended)')
  })
  expect(summary).toBe(
    'The API, whose limit is 256 MiB, was gone when it had to take 512 MiB; its container was started again. Jobs: of 8: 8 succeeded.'
  )
})

test('an API that has 4 GiB does not hold: it answered', () => {
  const verdict = judged(memoryLimitPid1, run('memory-limit-pid1.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(verdict.summary).toBe('The API took 512 MiB and answered 200: its limit is 4096 MiB.')
  expect(refuted(verdict)).toEqual(['the kernel kills a process in api', 'the container of api ends and is started again', 'the request is not answered'])
})

test.each<[string, (run: RecordedRun<Facts>) => void, string]>([
  ['a job that failed', run => { run.facts.jobs[2]!.status = 'failed' }, 'every job that was accepted runs and succeeds'],
  ['a job that is not known any more', run => { run.facts.jobs[7] = null }, 'every job that was accepted runs and succeeds'],
  ['a death without a kill', run => { run.recording.events = [] }, 'the kernel kills a process in api'],
  ['a neighbour that was restarted', run => restart(run, 'worker'), 'no other service is restarted'],
  ['a neighbour in which was killed', run => killIn(run, 'postgres'), 'no process is killed in the other services']
])('%s does not hold', (_case, change, claim) => {
  expect(refuted(judged(memoryLimitPid1, run(), change))).toEqual([claim])
})

test('a death at the limit that was not counted is not measured', () => {
  const verdict = judged(memoryLimitPid1, run(), run => {
    for (const { oom } of run.recording.events) if (oom) Object.assign(oom, { kills: 0, victim: 'unknown' })
  })
  expect(verdict.outcome).toBe('not_measured')
})
