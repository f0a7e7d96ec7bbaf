import { expect, test } from '@jest/globals'
import { memoryLimit } from '../../../../services/lab/experiments/memory-limit.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from './recorded.ts'

type Facts = Parameters<typeof memoryLimit.judge>[1]
const run = (name = 'memory-limit.v1'): RecordedRun<Facts> => recordedRun(name)

test('a job beyond the limit that was killed by the kernel holds, and the verdict cites file and count', () => {
  const { outcome, checks, summary } = judged(memoryLimit, run())
  expect(outcome).toBe('holds')
  expect(checks[0]).toEqual({ claim: 'the kernel killed in the worker', source: 'worker: memory.oom_control oom_kill', saw: '+1', holds: true })
  expect(summary).toContain('256 MiB')
})

test('a worker that has 4 GiB does not hold: the job got what it wanted', () => {
  const verdict = judged(memoryLimit, run('memory-limit.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(verdict.summary).toBe('The job of 512 MiB succeeded: the worker\'s limit is 4096 MiB.')
  expect(refuted(verdict)).toContain('the kernel killed in the worker')
})

test('a neighbour that was restarted meanwhile does not hold', () => {
  const verdict = judged(memoryLimit, run(), run => { containerOf(run, 'redis').life.fill(1, -3) })
  expect(refuted(verdict)).toEqual(['nobody else is restarted'])
})

test('a kill in a neighbour does not hold', () => {
  const verdict = judged(memoryLimit, run(), run => { containerOf(run, 'api').series.oomKill.fill(1, -3) })
  expect(refuted(verdict)).toEqual(['nobody else is killed'])
})

test('where the kernel does not count kills it is not measured', () => {
  expect(judged(memoryLimit, run(), run => forget(run, 'worker', 'oomKill')).outcome).toBe('not_measured')
})
