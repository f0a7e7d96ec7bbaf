import { expect, test } from '@jest/globals'
import type { Reading } from '#cgroup/reading.ts'
import { figuresOf, type WorkDone } from '#lab/sweep/figures.ts'
import { readingOf } from '#support/readings.ts'

const work: WorkDone = {
  seconds: 8, due: 320, failed: 2, p50Ms: 7, p99Ms: 20, halvesP50Ms: [7, 8], doubt: 'not in the figures'
}

function figures (readings: Reading[], fromUs = 0) {
  return figuresOf({ readings, fromUs, work, machineCores: 1.25 })
}

function readingAt (seconds: number, given: Parameters<typeof readingOf>[0] = {}) {
  return readingOf({ monotonicUs: seconds * 1e6, inode: 1, ...given })
}

test('figures are the rises of counters and the highest levels', () => {
  const at = (seconds: number, nrThrottled: number, currentBytes: number, current: number, refaults: number) =>
    readingAt(seconds, {
      cpu: { usageUs: 1e6 + seconds * 25e4, nrPeriods: seconds * 10, nrThrottled },
      memory: { currentBytes, anonBytes: currentBytes - 20, refaults },
      pids: { current }
    })
  const seen = figures([at(0, 5, 80, 11, 7), at(4, 15, 95, 14, 7), at(8, 25, 90, 11, 9)])
  expect(seen).toMatchObject({ seconds: 8, due: 320, failed: 2, p99Ms: 20, cores: 0.25, otherCores: 1 })
  expect(seen).toMatchObject({ throttledShare: 0.25, peakBytes: 95, anonPeakBytes: 75, pidsPeak: 14 })
  expect(seen).toMatchObject({ refaults: 2, restarts: 0 })
  expect(seen).not.toHaveProperty('doubt')
})

test('what the kernel does not say is not measured, and not 0', () => {
  const { cores, otherCores, throttledShare, peakBytes, oomKills, memoryPressureShare, pidsLimitHits } =
    figures([readingAt(0), readingAt(8)])
  expect([cores, otherCores, throttledShare, peakBytes, oomKills, memoryPressureShare, pidsLimitHits])
    .toEqual(Array(7).fill(null))
})

test('a container that was started again counts from 0, and the restart is counted', () => {
  const seen = figures([
    readingAt(0, { memory: { events: { max: 40, oomKill: 3 } } }),
    readingAt(4, { memory: { events: { max: 42, oomKill: 4 } } }),
    readingAt(8, { inode: 2, memory: { events: { max: 5, oomKill: 0 } } })
  ])
  expect(seen).toMatchObject({ memoryLimitHits: 7, oomKills: 1, restarts: 1 })
})

test('the wait for memory is a share of the time', () => {
  const waited = (totalUs: number) => {
    const some = { avg10Percent: 0, avg60Percent: 0, avg300Percent: 0, totalUs }
    return { pressure: { memory: { some, full: null } } }
  }
  expect(figures([readingAt(0, waited(0)), readingAt(8, waited(2e6))]).memoryPressureShare).toBe(0.25)
})

test('without readings there are no figures of the container', () => {
  expect(figures([])).toMatchObject({ cores: null, peakBytes: null, restarts: 0, p99Ms: 20 })
})

test('what came before is not judged, but a kill that came before counts', () => {
  const seen = figures([
    readingAt(0, { cpu: { usageUs: 0 }, memory: { currentBytes: 200, events: { oomKill: 0 } } }),
    readingAt(3, { cpu: { usageUs: 9e6 }, memory: { currentBytes: 90, events: { oomKill: 1 } } }),
    readingAt(7, { cpu: { usageUs: 11e6 }, memory: { currentBytes: 95, events: { oomKill: 1 } } })
  ], 3.1e6)
  expect(seen).toMatchObject({ cores: 0.25, peakBytes: 95, oomKills: 1 })
})
