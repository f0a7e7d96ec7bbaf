import { expect, test } from '@jest/globals'
import { unknownLimits, type Limit } from '#cgroup/reading.ts'
import { ServiceReadings } from '#lab/experiments/judging/evidence.ts'
import { atLimit, diskCacheBytes, fillsLimit, reachesLimit, takenBack } from '#lab/experiments/judging/memory-checks.ts'
import { containerWith, recordingOf } from '../../support/recordings.ts'

const MIB = 2 ** 20
const all = [0, 9] as const

function readingsOf (memoryMaxBytes: Limit, series: Record<string, Array<number | null>>): ServiceReadings {
  const container = containerWith(series)
  return new ServiceReadings('worker', recordingOf({ ...container, limits: { ...unknownLimits, memoryMaxBytes } }))
}

test.each<[string, Limit, Array<number | null>, boolean | null]>([
  ['it was met', 256 * MIB, [60 * MIB, 250 * MIB], true],
  ['it was not met', 256 * MIB, [60 * MIB, 200 * MIB], false],
  ['there is none', 'max', [60 * MIB, 512 * MIB], false],
  ['it is not known', null, [60 * MIB], null],
  ['usage was not measured', 256 * MIB, [null], null]
])('memory fills a limit, where %s', (_case, limit, memoryBytes, holds) => {
  expect(fillsLimit(readingsOf(limit, { memoryBytes }), all).holds).toBe(holds)
})

test('cache of files on disk is what is no tmpfs, at the moment when usage was highest', () => {
  const readings = readingsOf('max', { memoryBytes: [1, 9, 3], fileBytes: [100, 80, 90], shmemBytes: [0, 30, 0] })
  expect(diskCacheBytes(readings, all)).toBe(50)
})

test.each<[string, number | null, boolean | null]>([
  ['less', 190 * MIB, true],
  ['all', 512 * MIB, false],
  ['an unknown amount', null, null]
])('of a file of which %s is in memory', (_case, file, holds) => {
  expect(takenBack(readingsOf('max', { memoryBytes: [9], fileBytes: [file], shmemBytes: [0] }), 512, all).holds).toBe(
    holds
  )
})

test('at the limit is a reading near it, and never where there is no limit', () => {
  expect(atLimit(readingsOf(100, { memoryBytes: [1] }))).toEqual({ of: 'memoryBytes', atLeast: 95 })
  expect([atLimit(readingsOf('max', { memoryBytes: [1] })), atLimit(readingsOf(null, { memoryBytes: [1] }))]).toEqual([
    null,
    null
  ])
})

test.each<[string, Limit, Record<string, Array<number | null>>, boolean | null, string]>([
  ['the kernel\'s peak is at it', 256 * MIB, { peakBytes: [60 * MIB, 256 * MIB] }, true, '256 MiB of 256 MiB'],
  ['the kernel\'s peak is below it', 256 * MIB, { peakBytes: [60 * MIB, 100 * MIB], memoryLimitHits: [0, 3] }, false, '100 MiB of 256 MiB'],
  ['there is no peak, and it was met', 256 * MIB, { memoryBytes: [60 * MIB, 90 * MIB], memoryLimitHits: [4, 7] }, true, '+3, peak seen 90 MiB of 256 MiB'],
  ['there is no peak, and it was not met', 256 * MIB, { memoryBytes: [60 * MIB, 90 * MIB], memoryLimitHits: [4, 4] }, false, '+0, peak seen 90 MiB of 256 MiB'],
  ['nothing was measured', 256 * MIB, { memoryBytes: [null, null] }, null, 'not measured'],
  ['there is none', 'max', { peakBytes: [60 * MIB, 600 * MIB] }, null, 'not measured']
])('memory reaches a limit, where %s', (_case, limit, series, holds, saw) => {
  expect(reachesLimit(readingsOf(limit, series), all)).toMatchObject({ holds, saw })
})
