import { expect, test } from '@jest/globals'
import { rates, throttledShare, throttlingBetween } from '#cgroup/rates.ts'
import { unknownCpu, type IoDevice, type Pressure, type Reading } from '#cgroup/reading.ts'
import { readingOf } from '#support/readings.ts'

const line = (totalUs: number) => ({ avg10Percent: 0, avg60Percent: 0, avg300Percent: 0, totalUs })
const pressure = (some: number, full: number | null): Pressure =>
  ({ some: line(some), full: full === null ? null : line(full) })
const device = (minor: number, readBytes: number | null): IoDevice =>
  ({ major: 8, minor, readBytes, writeBytes: null, readOps: null, writeOps: null, discardBytes: null })

interface Given {
  us?: number
  inode?: number
  cpu?: Partial<Reading['cpu']>
  max?: number | null
  oomKill?: number | null
  io?: IoDevice[] | null
  cpuPressure?: Pressure | null
}

function reading (
  { us = 0, inode = 7, cpu = {}, max = null, oomKill = null, io = null, cpuPressure = null }: Given
): Reading {
  return {
    takenAtMs: 0,
    monotonicUs: us,
    version: 'v2',
    inode,
    cpu: { ...unknownCpu, ...cpu },
    memory: { pgmajfault: null, events: { low: null, high: null, max, oom: null, oomKill, oomGroupKill: null } },
    pids: { current: null, peak: null, limitHits: null, processes: null },
    io,
    pressure: { cpu: cpuPressure, memory: null, io: null }
  } as unknown as Reading
}

/** Half a second apart. */
function between (before: Given, after: Given) {
  return rates(reading({ us: 1_000_000, ...before }), reading({ us: 1_500_000, ...after }))!
}

test('rates without an earlier reading are null', () => {
  expect(rates(null, reading({}))).toBeNull()
})

test('rates of two readings of one moment are null', () => {
  expect(rates(reading({ us: 5 }), reading({ us: 5 }))).toBeNull()
})

test('rates across a restart are null', () => {
  expect(rates(reading({ us: 1, inode: 7 }), reading({ us: 2, inode: 8 }))).toBeNull()
})

test.each([
  ['half a CPU', 0, 250_000, 0.5],
  ['two CPUs', 0, 1_000_000, 2],
  ['nothing', 40, 40, 0],
  ['a counter that fell', 40, 30, null],
  ['a counter that came', null, 30, null],
  ['a counter that went', 30, null, null]
])('cpuCores of %s', (_case, from, to, cores) => {
  expect(between({ cpu: { usageUs: from } }, { cpu: { usageUs: to } }).cpuCores).toBe(cores)
})

test.each([
  ['throttled in each period', { nrPeriods: 10, nrThrottled: 2 }, { nrPeriods: 15, nrThrottled: 7 }, 1],
  ['throttled in some', { nrPeriods: 10, nrThrottled: 2 }, { nrPeriods: 14, nrThrottled: 3 }, 0.25],
  ['not throttled', { nrPeriods: 10, nrThrottled: 2 }, { nrPeriods: 14, nrThrottled: 2 }, 0],
  ['not measured, for it was idle', { nrPeriods: 10, nrThrottled: 2 }, { nrPeriods: 10, nrThrottled: 2 }, null],
  ['not measured, for there is no cpu controller', {}, {}, null]
])('throttledShare of a container %s', (_case, before, after, share) => {
  expect(between({ cpu: before }, { cpu: after }).throttledShare).toBe(share)
})

const counted = (nrPeriods: number | null, nrThrottled: number | null, inode = 1) =>
  readingOf({ inode, cpu: { nrPeriods, nrThrottled } })

test.each([
  ['stopped in some periods', counted(10, 2), counted(20, 5), 'throttled', 0.3],
  ['stopped in none', counted(10, 2), counted(20, 2), 'not_throttled', 0],
  ['idle', counted(10, 2), counted(10, 2), 'not_throttled', null],
  ['read for the first time', null, counted(20, 5), 'not_measured', null],
  ['restarted in between', counted(10, 2, 1), counted(20, 5, 2), 'not_measured', null],
  ['whose kernel does not count', counted(null, null), counted(null, null), 'not_measured', null],
  ['whose counter fell', counted(10, 5), counted(20, 2), 'not_measured', null]
] as const)('throttling of a container %s', (_case, before, after, throttling, share) => {
  expect(throttlingBetween(before, after)).toBe(throttling)
  expect(throttledShare(before, after)).toBe(share)
})

test('throttledSecondsPerSecond of two CPUs stopped at once is above 1', () => {
  expect(between({ cpu: { throttledUs: 0 } }, { cpu: { throttledUs: 900_000 } }).throttledSecondsPerSecond).toBe(1.8)
})

test('oomKills is a count, not a rate', () => {
  expect(between({ oomKill: 1 }, { oomKill: 3 }).oomKills).toBe(2)
  expect(between({ max: 0 }, { max: 3 }).memoryLimitHitsPerSecond).toBe(6)
})

test('pressure is the share of the time that was waited', () => {
  const [before, after] = [pressure(0, null), pressure(125_000, null)]
  const { pressure: { cpu, memory } } = between({ cpuPressure: before }, { cpuPressure: after })
  expect(cpu).toEqual({ someShare: 0.25, fullShare: null })
  expect(memory).toBeNull()
})

test.each([
  ['one device', [device(0, 100)], [device(0, 600)], 1000],
  ['a device that appeared', [], [device(0, 500)], 1000],
  ['a device that went', [device(0, 100), device(1, 100)], [device(0, 600)], 1000],
  ['no io controller', null, null, null],
  ['a device whose count could not be had before', [device(8, null)], [device(8, 5000)], null],
  ['a device whose count can no more be had', [device(8, 5000)], [device(8, null)], null],
  ['a device of which the kernel counts no bytes', [device(8, null)], [device(8, null)], 0]
])('ioReadBytesPerSecond of %s', (_case, before, after, perSecond) => {
  expect(between({ io: before }, { io: after }).ioReadBytesPerSecond).toBe(perSecond)
})
