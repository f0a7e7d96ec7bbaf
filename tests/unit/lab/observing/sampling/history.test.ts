import { expect, test } from '@jest/globals'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { History, rowOf, sizeOf } from '#lab/observing/sampling/history.ts'
import { historySeries } from '#lab/wire/live.ts'
import { readingOf } from '#support/readings.ts'
import { FakeCgroup, foundOf, momentAt } from '../../support/fakes.ts'

const row = (value: number) => new Float64Array(historySeries.length).fill(value)

function filled (entries: number, values: number[]): History {
  const history = new History(entries)
  history.add('a')
  for (const [i, value] of values.entries()) {
    history.begin(100 + i, i + 1)
    if (!Number.isNaN(value)) history.put('a', row(value))
  }
  return history
}

test.each([
  { hz: 4, keepSeconds: 900, every: 1, entries: 3600 },
  { hz: 20, keepSeconds: 900, every: 5, entries: 3600 },
  { hz: 4, keepSeconds: 3600, every: 4, entries: 3600 },
  { hz: 1, keepSeconds: 60, every: 1, entries: 60 }
])('$hz samples a second for $keepSeconds s: every $every. is kept, $entries of them', ({ hz, keepSeconds, ...size }) => {
  expect(sizeOf(hz, keepSeconds)).toEqual(size)
})

test('a full history drops the oldest entries', () => {
  const history = filled(3, [1, 2, 3, 4, 5])
  const steps = history.steps(0, 0.1)
  expect(steps.map(({ at }) => at)).toEqual([102, 103, 104])
  expect(history.column('a', 0, steps)).toEqual([3, 4, 5])
})

test('a history of several pages, gone round twice, holds its last entries, each in its place', () => {
  const last = [...Array(1000).keys()].slice(-300)
  const history = filled(300, [...Array(1000).keys()])
  const steps = history.steps(0, 0.1)
  expect(steps.map(({ at }) => at)).toEqual(last.map(i => 100 + i))
  expect(history.column('a', 0, steps)).toEqual(last)
})

test('a gap longer than a page is a gap, also where the pages have been used before', () => {
  const measured = (i: number) => i < 450 || i >= 700
  const history = filled(300, [...Array(750).keys()].map(i => measured(i) ? i : NaN))
  const expected = [...Array(750).keys()].slice(-300).map(i => measured(i) ? i : null)
  expect(history.column('a', 0, history.steps(0, 0.1))).toEqual(expected)
})

test('a step is the mean of what was measured in it, and null where nothing was', () => {
  const history = filled(10, [1, 3, NaN, 8, NaN, NaN])
  expect(history.column('a', 0, history.steps(0, 2))).toEqual([2, 8, null])
})

test('entries before the time asked for are left out', () => {
  expect(filled(10, [1, 2, 3]).steps(101.5, 0.1).map(({ at }) => at)).toEqual([102])
})

test('a container that comes later has nothing before', () => {
  const history = filled(10, [1, 2])
  history.add('b')
  history.begin(102, 3)
  history.put('b', row(7))
  expect(history.column('b', 0, history.steps(0, 0.1))).toEqual([null, null, 7])
})

test('the place of a forgotten container is given to the next, emptied', () => {
  const history = filled(10, [1, 2])
  history.forget('a')
  history.add('b')
  expect(history.column('b', 0, history.steps(0, 0.1))).toEqual([null, null])
  expect(history.column('a', 0, history.steps(0, 0.1))).toEqual([null, null])
})

test('the newest entry is known by its sample', () => {
  expect(filled(3, [1, 2, 3, 4, 5]).newest).toEqual({ at: 104, seq: 5 })
  expect(new History(3).newest).toBeNull()
})

test('a row holds one value for each series, NaN where the kernel said nothing', () => {
  const cgroup = new FakeCgroup()
  const watched = new WatchedContainer(foundOf(), cgroup, momentAt(0))
  const before = readingOf({ monotonicUs: 0, cpu: { usageUs: 0 } })
  const memory = { currentBytes: 5 }
  cgroup.now = readingOf({ monotonicUs: 1e6, cpu: { usageUs: 250_000 }, memory, pids: { current: 3 } })
  watched.look(momentAt(1000), 'shown')
  const values = Object.fromEntries(historySeries.map((series, i) => [series, rowOf(watched, before)[i]]))
  expect(values).toMatchObject({ cpuCores: 0.25, memoryBytes: 5, pids: 3, throttledShare: NaN, cpuPressureShare: NaN })
})
