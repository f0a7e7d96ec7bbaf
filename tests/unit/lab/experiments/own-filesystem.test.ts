import { expect, test } from '@jest/globals'
import { ownFilesystem } from '#lab/experiments/own-filesystem.ts'
import { judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof ownFilesystem.judge>[1]
const run = (name = 'own-filesystem.v1'): RecordedRun<Facts> => recordedRun(name)

test('a file that only its writer found, below roots that are read-only, holds', () => {
  const { outcome, checks } = judged(ownFilesystem, run())
  expect(outcome).toBe('holds')
  expect(checks.map(({ saw }) => saw).slice(0, 3)).toEqual([
    'the api\'s file in api, the worker\'s file in worker, the lab\'s file in lab',
    'api EROFS, worker EROFS, lab EROFS',
    'api ro, worker ro, postgres ro, redis ro, lab ro'
  ])
})

test('no run reveals where on the host the files of a container are', () => {
  expect(JSON.stringify(run().facts)).not.toMatch(/overlay2|upperdir|\/var\/lib/)
})

test('a worker with the api\'s shared memory and a root that can be written does not hold', () => {
  const verdict = judged(ownFilesystem, run('own-filesystem.writable.v1'))
  expect(refuted(verdict)).toEqual(['a file is found only where it was written', 'the root file system cannot be written to', 'each root is mounted read-only'])
  expect(verdict.summary).toContain('the api\'s file in api and worker')
  expect(verdict.summary).toContain('worker written')
})

test('two containers with one root do not hold', () => {
  const verdict = judged(ownFilesystem, run(), ({ facts: { roll } }) => { roll.redis!.root = roll.postgres!.root })
  expect(refuted(verdict)).toEqual(['each has its own root'])
})

test.each<[string, (facts: Facts) => void]>([
  ['a file that its writer does not find', ({ files }) => { files[0]!.foundBy = [] }],
  ['a refusal that has another reason', ({ files }) => { for (const { written } of files) written[1]!.error = 'EACCES' }],
  ['a root without an attempt to write to it', ({ files }) => { files[1]!.written.pop() }],
  ['a store of which nothing is known', ({ roll }) => { roll.redis = null }],
  ['no file at all', ({ files }) => { files.length = 0 }]
])('with %s it is not measured', (_case, change) => {
  const verdict = judged(ownFilesystem, run(), ({ facts }) => change(facts))
  expect([verdict.outcome, refuted(verdict)]).toEqual(['not_measured', []])
})
