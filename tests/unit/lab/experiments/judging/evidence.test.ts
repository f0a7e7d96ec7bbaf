import { expect, test } from '@jest/globals'
import { unknownLimits } from '#cgroup/reading.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import type { RecordedContainer } from '#lab/wire/experiments.ts'
import { containerWith, recordingOf } from '../../support/recordings.ts'

const readingsOf = (...containers: RecordedContainer[]) => new Evidence(recordingOf(...containers)).of('worker')

test('a total rises from the last reading before the window to the last one in it', () => {
  const readings = readingsOf(containerWith({ oomKill: [1, 1, 2, 4, 9] }))
  expect(readings.rise('oomKill', [1.5, 3.5])).toBe(3)
})

test('a total that began anew with a restart counts what each life counted', () => {
  const readings = readingsOf(containerWith({ cpuUsageUs: [100, 150, 20, 30] }, [7, 7, 8, 8]))
  expect(readings.rise('cpuUsageUs', [0, 3])).toBe(50 + 20 + 10)
  expect(readings.lives).toBe(2)
})

test('what was never read is null, and not 0', () => {
  const readings = readingsOf(containerWith({ pids: [1, 2] }))
  expect([
    readings.rise('oomKill', [0, 5]),
    readings.max('anonBytes', [0, 5]),
    readings.cores([0, 5]),
    readings.throttledShare([0, 5])
  ]).toEqual([null, null, null, null])
})

test('a service without a container has no values', () => {
  const readings = new Evidence(recordingOf()).of('worker')
  expect([readings.lives, readings.rise('pids', [0, 5]), readings.limits.memoryMaxBytes, readings.effective]).toEqual([
    0,
    null,
    null,
    null
  ])
})

test('cores are CPU time over the time between the readings that are inside', () => {
  const readings = readingsOf(containerWith({ cpuUsageUs: [0, 500_000, 1_000_000, 9_000_000] }))
  expect(readings.cores([0, 2.5])).toBe(0.5)
})

test('cores across a restart are not measured', () => {
  expect(readingsOf(containerWith({ cpuUsageUs: [0, 500_000, 10] }, [1, 1, 2])).cores([0, 5])).toBeNull()
})

test('the throttled share is of the periods that counted; without any there is none', () => {
  const readings = readingsOf(containerWith({ nrPeriods: [0, 10, 30, 30], nrThrottled: [0, 0, 15, 15] }))
  expect(readings.throttledShare([0, 2])).toBe(0.5)
  expect(readings.throttledShare([2, 3])).toBeNull()
})

test('levels have a highest, a lowest and a mean within the window', () => {
  const readings = readingsOf(containerWith({ pids: [9, 4, 6, null, 1] }))
  expect([readings.max('pids', [1, 3]), readings.min('pids', [1, 3]), readings.mean('pids', [1, 3])]).toEqual([6, 4, 5])
})

test('one series has a value at the moment when another was at its highest', () => {
  const readings = readingsOf(containerWith({ memoryBytes: [1, 9, 3], workingSetBytes: [1, 2, 3] }))
  expect(readings.atMaxOf('memoryBytes', 'workingSetBytes', [0, 5])).toBe(2)
})

test.each([
  ['a quota of half a period is half a CPU', { quotaUs: 50_000, periodUs: 100_000 }, 0.5],
  ['a quota of max is max', { quotaUs: 'max' as const, periodUs: 100_000 }, 'max'],
  ['a quota that the kernel does not report is null', null, null]
])('%s', (_case, cpuMax, cores) => {
  expect(readingsOf({ ...containerWith({ pids: [1] }), limits: { ...unknownLimits, cpuMax } }).quotaCores).toBe(cores)
})

test('the lowest value of one series is looked for among the readings in which another one was high', () => {
  const readings = readingsOf(containerWith({ memoryBytes: [1, 9, 8, 9, 2], shmemBytes: [0, 5, 3, 6, 1] }))
  expect(readings.minWhere('shmemBytes', { of: 'memoryBytes', atLeast: 9 }, [0, 9])).toBe(5)
  expect(readings.minWhere('shmemBytes', { of: 'memoryBytes', atLeast: 9 }, [2, 9])).toBe(6)
  expect(readings.minWhere('shmemBytes', { of: 'memoryBytes', atLeast: 10 }, [0, 9])).toBeNull()
})
