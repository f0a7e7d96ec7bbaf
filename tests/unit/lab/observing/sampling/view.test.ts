import { expect, test } from '@jest/globals'
import type { Reading } from '#cgroup/reading.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { viewOf } from '#lab/observing/sampling/view.ts'
import { fullReading, readingOf } from '#support/readings.ts'
import { FakeCgroup, foundOf, momentAt } from '../../support/fakes.ts'

const MIB = 2 ** 20

function watching (...readings: Array<Reading | null>): WatchedContainer {
  const cgroup = new FakeCgroup()
  const watched = new WatchedContainer(foundOf(), cgroup, momentAt(0))
  for (const [i, reading] of readings.entries()) {
    cgroup.now = reading
    watched.look(momentAt(i * 500), 'shown')
  }
  return watched
}

const busy = (ms: number, usageUs: number, nrThrottled: number) => fullReading({
  inode: 1,
  monotonicUs: ms * 1000,
  cpu: { usageUs, nrPeriods: 10 + ms / 100, nrThrottled },
  memory: { currentBytes: 128 * MIB, workingSetBytes: 64 * MIB },
  pids: { current: 10 }
})

test('two readings are turned into rates and shares of the effective limits', () => {
  const view = viewOf(watching(busy(0, 0, 0), busy(500, 200_000, 2)), momentAt(500))
  expect(view).toMatchObject({
    name: 'lab-api-1',
    state: 'throttled',
    cpu: {
      usageSecondsTotal: 0.2,
      cores: 0.4,
      shareOfLimit: 0.8,
      throttling: 'throttled',
      throttledShare: 0.4,
      nrThrottledTotal: 2
    },
    memory: { currentBytes: 128 * MIB, shareOfLimit: 0.5 },
    pids: { current: 10, shareOfLimit: 0.1 },
    restarts: 0,
    firstSeenAt: new Date(momentAt(0).atMs).toISOString()
  })
})

test('CPU in use is measured over a second, because 250 ms hold two or three refills of the quota', () => {
  const atQuota = (ms: number) => busy(ms, Math.ceil(ms / 100) * 50_000, 0)
  const view = viewOf(watching(...[0, 250, 500, 750, 1000, 1250].map(atQuota)), momentAt(1250))
  expect(view.cpu).toMatchObject({ cores: 0.5, shareOfLimit: 1 })
})

test('the peak is the kernel\'s; where it keeps none, the highest that was read, and the view says which', () => {
  const peakOf = (...readings: Array<Reading | null>) => {
    const { peakBytes, peakFrom } = viewOf(watching(...readings), momentAt(1000)).memory
    return [peakBytes, peakFrom]
  }
  const without = (ms: number, currentBytes: number) =>
    readingOf({ inode: 1, monotonicUs: ms * 1000, memory: { currentBytes } })
  expect(peakOf(busy(0, 0, 0))).toEqual([102, 'kernel'])
  expect(peakOf(without(0, 90), without(500, 60))).toEqual([90, 'samples'])
  expect(peakOf(without(0, 90), null)).toEqual([null, null])
  expect(peakOf(readingOf({ inode: 1 }))).toEqual([null, null])
})

test('the first reading has values and no rates', () => {
  const view = viewOf(watching(busy(0, 5_000_000, 0)), momentAt(0))
  expect(view.cpu).toMatchObject({
    usageSecondsTotal: 5,
    cores: null,
    throttling: 'not_measured',
    throttledShare: null
  })
})

test('a container that is away has its limits and no values', () => {
  const view = viewOf(watching(busy(0, 0, 0), null), momentAt(60_000))
  expect(view).toMatchObject({ state: 'gone', memory: { currentBytes: null }, cpu: { cores: null, throttling: 'not_measured' }, pids: { current: null } })
  expect(view.limits.memoryMaxBytes).toBe(268_435_456)
})

test.each([[false, 'empty'], [true, 'calm'], [null, 'calm']] as const)('a container of which the kernel says populated = %p is %s', (populated, state) => {
  const still = readingOf({ populated })
  expect(viewOf(watching(still, still), momentAt(500)).state).toBe(state)
})

test('a container that was never read has no values, and its limits are unknown, not "no limit"', () => {
  const view = viewOf(watching(), momentAt(0))
  expect(view).toMatchObject({ state: 'calm', effective: null, limits: { memoryMaxBytes: null, cpuMax: null } })
})

test('what the kernel does not say is null in the view too', () => {
  const view = viewOf(watching(readingOf({ monotonicUs: 0 }), readingOf({ monotonicUs: 500_000 })), momentAt(500))
  expect(view).toMatchObject({
    cpu: { cores: null, throttling: 'not_measured' },
    memory: { currentBytes: null },
    pressure: { cpu: null }
  })
})
