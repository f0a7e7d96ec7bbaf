import { expect, test } from '@jest/globals'
import { whatLeaks } from '#lab/experiments/what-leaks.ts'
import { containerOf, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof whatLeaks.judge>[1]
const run = (): RecordedRun<Facts> => recordedRun('what-leaks.v1')

test('containers that see the machine behind their limits hold, and the verdict has both numbers', () => {
  const { outcome, summary, checks } = judged(whatLeaks, run())
  expect(outcome).toBe('holds')
  expect(summary).toBe('The API sees 24106 MiB and 2 CPUs, and may use 256 MiB and 0.50 CPU.')
  expect(checks[0]).toMatchObject({ source: '/proc/meminfo MemTotal against memory.limit_in_bytes', saw: '24106 MiB seen by api, worker, postgres, redis, lab' })
})

test.each<[string, (facts: Facts) => void, string]>([
  ['its limit for the machine\'s memory', ({ roll }) => { roll.worker.believes.totalMemoryBytes = 256 * 2 ** 20 }, 'total memory is the machine\'s'],
  ['fewer CPUs than there are', ({ roll }) => { roll.worker.believes.cpus = 1 }, 'CPUs are the machine\'s'],
  ['another kernel', ({ roll }) => { roll.worker.uname.release = '5.10.0' }, 'the kernel is the machine\'s, one for all']
])('a container that sees %s does not hold', (_case, change, claim) => {
  const verdict = judged(whatLeaks, run(), ({ facts }) => change(facts))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual([claim])
  expect(verdict.checks.find(check => check.claim === claim)?.saw).toMatch(/worker (sees )?(256 MiB|1 CPUs|5\.10\.0)/)
})

test('a container whose limit is as large as the machine is not judged', () => {
  const { outcome, checks } = judged(whatLeaks, run(), run => {
    containerOf(run, 'worker').limits.memoryMaxBytes = 64 * 2 ** 30
    containerOf(run, 'lab').limits.cpuMax = { quotaUs: 200_000, periodUs: 100_000 }
  })
  expect(outcome).toBe('holds')
  expect(checks.map(({ saw }) => saw).slice(0, 2)).toEqual(['24106 MiB seen by api, postgres, redis, lab', '2 CPUs seen by api, worker, postgres, redis'])
})

test('where nothing is limited it is not measured', () => {
  const { outcome } = judged(whatLeaks, run(), ({ recording }) => {
    for (const { limits } of recording.containers) limits.memoryMaxBytes = 'max'
  })
  expect(outcome).toBe('not_measured')
})

test('where nothing is known of the stores, the others are judged, and one kernel for all is not measured', () => {
  const { outcome, checks } = judged(whatLeaks, run(), ({ facts: { roll } }) => { roll.postgres = roll.redis = null })
  expect(outcome).toBe('not_measured')
  expect(checks.map(({ holds }) => holds)).toEqual([true, true, null])
})
