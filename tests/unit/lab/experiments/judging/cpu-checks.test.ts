import { expect, test } from '@jest/globals'
import { unknownLimits, type CpuMax } from '#cgroup/reading.ts'
import { gotItsQuota, ifReached, shareOfQuota, throttledIn } from '#lab/experiments/judging/cpu-checks.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import { containerWith, recordingOf } from '../../support/recordings.ts'

const half: CpuMax = { quotaUs: 50_000, periodUs: 100_000 }
const none: CpuMax = { quotaUs: 'max', periodUs: 100_000 }
const wholeTime = [0, 4] as const

function readingsOf (given: Parameters<typeof containerWith>[0], cpuMax: CpuMax | null = half) {
  return new Evidence(recordingOf({ ...containerWith(given), limits: { ...unknownLimits, cpuMax } })).of('worker')
}

/** CPU time of a container that always uses this many CPUs, with a reading a second. */
const using = (cores: number) => ({ cpuUsageUs: [0, 1, 2, 3, 4].map(second => second * cores * 1e6) })

test.each([
  ['its quota', 0.5, half, true, '0.50 CPU of 0.50 CPU'],
  ['a little more, as readings do not fall on the ends of periods', 0.54, half, true, '0.54 CPU of 0.50 CPU'],
  ['clearly more than its quota', 0.6, half, false, '0.60 CPU of 0.50 CPU'],
  ['less than its quota, which may be the host\'s doing', 0.3, half, null, '0.30 CPU of 0.50 CPU'],
  ['all it wants, having no quota', 1.9, none, false, '1.90 CPU of max'],
  ['CPU time under an unknown quota', 0.5, null, null, '0.50 CPU of an unknown limit']
])('a service that got %s: %d CPU', (_case, cores, cpuMax, holds, saw) => {
  expect(gotItsQuota(readingsOf(using(cores), cpuMax), wholeTime)).toMatchObject({
    holds,
    saw,
    source: 'worker: cpu.stat usage_usec, cpu.max'
  })
})

test('CPU time that was not read is not measured, except that without a quota nothing can be met', () => {
  expect(gotItsQuota(readingsOf({ pids: [1, 2] }), wholeTime)).toMatchObject({ holds: null, saw: 'not measured' })
  expect(gotItsQuota(readingsOf({ pids: [1, 2] }, none), wholeTime).holds).toBe(false)
})

test.each([[6, true], [5, true], [4, false]])('stopped in %d of 10 periods where half are asked for: %p', (throttled, holds) => {
  expect(throttledIn(readingsOf({ nrPeriods: [0, 10], nrThrottled: [0, throttled] }), wholeTime, 0.5).holds).toBe(holds)
})

test('few throttled periods refute nothing where the host did not give the whole quota', () => {
  const few = { nrPeriods: [0, 10], nrThrottled: [0, 4] }
  const holds = (cores: number) => throttledIn(readingsOf({ ...using(cores), ...few }), wholeTime, 0.5).holds
  expect([holds(0.45), holds(0.5)]).toEqual([null, false])
})

test('where no period was counted, throttling is not measured', () => {
  expect(throttledIn(readingsOf({ nrPeriods: [7, 7], nrThrottled: [0, 0] }), wholeTime, 0.5)).toMatchObject({
    holds: null,
    saw: 'not measured'
  })
})

test('what follows from a quota is inconclusive where the quota was not reached, and fails where it was', () => {
  const quota = (holds: boolean | null) => ({ claim: 'quota', source: '', saw: '', holds })
  const checks = [quota(true), quota(false), quota(null)]
  const held = (holds: boolean | null) => ifReached(quota(holds), ...checks).map(({ holds }) => holds)
  expect(held(null)).toEqual([null, true, null, null])
  expect(held(true)).toEqual([true, true, false, null])
  expect(held(false)).toEqual([false, true, false, null])
})

test('the share of a quota is of its own; where there is none it is null', () => {
  expect(shareOfQuota(readingsOf(using(0.1)), wholeTime)).toBeCloseTo(0.2)
  expect(shareOfQuota(readingsOf(using(0.1), none), wholeTime)).toBeNull()
})

test('over several windows the mean counts, and all of them have to be measured', () => {
  const readings = readingsOf({ cpuUsageUs: [0, 100_000, 800_000, 1_500_000, 1_500_000] })
  expect(gotItsQuota(readings, [0, 1], [1, 3]).saw).toBe('0.40 CPU of 0.50 CPU')
  expect(gotItsQuota(readings, [0, 1], [1, 1.5]).holds).toBeNull()
})
