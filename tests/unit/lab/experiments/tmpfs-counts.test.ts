import { expect, test } from '@jest/globals'
import { tmpfsCounts } from '#lab/experiments/tmpfs-counts.ts'
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

type Facts = Parameters<typeof tmpfsCounts.judge>[1]
const run = (name = 'tmpfs-counts.v1'): RecordedRun<Facts> => recordedRun(name)
const series = (run: RecordedRun<Facts>) => containerOf(run, 'worker').series

test('a tmpfs that stayed in full memory, while the cache of the disk made room, holds', () => {
  const { outcome, summary } = judged(tmpfsCounts, run())
  expect(outcome).toBe('holds')
  expect(summary).toMatch(
    /^With memory full, 96 MiB of the 96 MiB in the tmpfs were in it, and \d\d MiB of the 512 MiB on disk\.$/
  )
})

test('a worker that has 4 GiB does not hold: nothing had to be taken back', () => {
  const verdict = judged(tmpfsCounts, run('tmpfs-counts.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toContain('memory goes up to the limit')
  expect(verdict.summary).toMatch(/^The job succeeded, and memory was not full: \d+ MiB of 4096 MiB\.$/)
})

test.each<[string, (run: RecordedRun<Facts>) => void, string]>([
  ['a tmpfs that was swapped out', run => { series(run).shmemBytes = series(run).shmemBytes.map(bytes => bytes! / 2) }, 'nothing of the tmpfs is taken back'],
  ['a tmpfs that is not in the working set', run => { series(run).workingSetBytes.fill(60 * 2 ** 20) }, 'the tmpfs is in the working set, which dashboards show as memory in use'],
  ['a tmpfs that stays when the job has ended', run => { series(run).shmemBytes.fill(96 * 2 ** 20) }, 'its memory is free once the file is removed'],
  ['a kill in the worker', run => killIn(run, 'worker'), 'no process is killed in the worker'],
  ['a job that failed', run => { run.facts.job.status = 'failed' }, 'the job succeeds'],
  ['a worker that was restarted', run => restart(run, 'worker'), 'worker is not restarted'],
  ['a neighbour that was restarted', run => restart(run, 'redis'), 'no other service is restarted']
])('%s does not hold', (_case, change, claim) => {
  expect(refuted(judged(tmpfsCounts, run(), change))).toEqual([claim])
})

test.each(['memoryBytes', 'shmemBytes', 'workingSetBytes', 'fileBytes', 'oomKill'] as const)(
  'without %s it is not measured',
  name => {
    expect(judged(tmpfsCounts, run(), run => forget(run, 'worker', name)).outcome).toBe('not_measured')
  }
)
