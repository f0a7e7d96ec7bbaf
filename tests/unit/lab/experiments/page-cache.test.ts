import { expect, test } from '@jest/globals'
import { pageCache } from '#lab/experiments/page-cache.ts'
import {
  containerOf,
  forget,
  judged,
  killIn,
  recordedRun,
  refuted,
  restart,
  type RecordedRun
} from '../support/recorded.ts'

type Facts = Parameters<typeof pageCache.judge>[1]
const run = (name = 'page-cache.v1'): RecordedRun<Facts> => recordedRun(name)

test('a file twice the limit that filled memory and killed nothing holds, with a working set that stayed low', () => {
  const { outcome, summary } = judged(pageCache, run())
  expect(outcome).toBe('holds')
  expect(summary).toMatch(
    /^The job succeeded\. Usage went up to 256 MiB of 256 MiB; at that moment the working set was [67]\d MiB\.$/
  )
})

test('a worker that has 4 GiB does not hold: it keeps the whole file', () => {
  const verdict = judged(pageCache, run('page-cache.unlimited.v1'))
  expect(refuted(verdict)).toEqual(['memory goes up to the limit', 'of 512 MiB on disk, only what fits stays in memory'])
})

test.each<[string, (run: RecordedRun<Facts>) => void, string]>([
  ['a kill in the worker', run => killIn(run, 'worker'), 'no process is killed in the worker'],
  ['a job that failed', run => { run.facts.job.status = 'failed' }, 'the job succeeds'],
  ['memory that is full of what is not cache', run => { containerOf(run, 'worker').series.fileBytes.fill(2 ** 20) }, 'what cannot be taken back is less than half of the limit'],
  ['a neighbour that was restarted', run => restart(run, 'redis'), 'no other service is restarted']
])('%s does not hold', (_case, change, claim) => {
  expect(refuted(judged(pageCache, run(), change))).toContain(claim)
})

test.each(['memoryBytes', 'fileBytes', 'shmemBytes', 'oomKill'] as const)('without %s it is not measured', series => {
  expect(judged(pageCache, run(), run => forget(run, 'worker', series)).outcome).toBe('not_measured')
})

test('a worker without a limit does not hold', () => {
  expect(
    refuted(
      judged(pageCache, run(), run => {
        containerOf(run, 'worker').limits.memoryMaxBytes = 'max'
      })
    )
  ).toContain('memory goes up to the limit')
})
