import { expect, test } from '@jest/globals'
import { heapVsLimit } from '#lab/experiments/heap-vs-limit.ts'
import { forget, judged, killIn, recordedRun, refuted, restart, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof heapVsLimit.judge>[1]
const run = (name = 'heap-vs-limit.v1'): RecordedRun<Facts> => recordedRun(name)

test('a ceiling below the limit that V8 met and one above it that the kernel did not wait for hold, each with its words', () => {
  const { outcome, checks, summary } = judged(heapVsLimit, run())
  expect(outcome).toBe('holds')
  expect(checks[0]!.saw).toContain('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory')
  expect(checks[1]!.saw).toContain('(oom_kill +1)')
  expect(summary).toBe('In 256 MiB: ceiling 64 MiB, heap_exhausted; ceiling 512 MiB, oom_killed; ceiling V8\'s own choice, oom_killed. V8 chooses 259 MiB in the worker.')
})

test('the facts say what V8 chose in every Node service', () => {
  expect(run().facts.beliefs.map(({ service }) => service)).toEqual(['api', 'worker', 'lab'])
})

test('a worker that has 4 GiB does not hold: V8 met both ceilings', () => {
  const verdict = judged(heapVsLimit, run('heap-vs-limit.unlimited.v1'))
  expect(refuted(verdict)).toEqual(['the kernel kills before a ceiling of 512 MiB is reached'])
  expect(verdict.summary).toContain('In 4096 MiB: ceiling 64 MiB, heap_exhausted; ceiling 512 MiB, heap_exhausted')
})

test('a limit so low that the kernel kills below V8\'s ceiling does not hold', () => {
  const verdict = judged(heapVsLimit, run(), ({ facts }) => { facts.cases[0]!.job = facts.cases[1]!.job })
  expect(refuted(verdict)).toContain('V8 gives up at its ceiling of 64 MiB, and says so')
})

test.each<[string, (run: RecordedRun<Facts>) => void, string]>([
  ['a kill beside those of the jobs', run => killIn(run, 'worker'), 'the kernel counts exactly these kills'],
  ['a worker that was restarted', run => restart(run, 'worker'), 'worker is not restarted'],
  ['a neighbour that was restarted', run => restart(run, 'api'), 'no other service is restarted']
])('%s does not hold', (_case, change, claim) => {
  expect(refuted(judged(heapVsLimit, run(), change))).toContain(claim)
})

test('where the kernel does not count kills it is not measured', () => {
  expect(judged(heapVsLimit, run(), run => forget(run, 'worker', 'oomKill')).outcome).toBe('not_measured')
})
