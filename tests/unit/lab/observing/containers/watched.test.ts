import { expect, test } from '@jest/globals'
import type { Extent } from '#cgroup/cgroup.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { readingOf } from '#support/readings.ts'
import { FakeCgroup, foundOf, momentAt } from '../../support/fakes.ts'

const living = (ms: number, { inode = 1, oomKill = 0, tasks = 5, bytes = null as number | null } = {}) =>
  readingOf({
    inode,
    monotonicUs: ms * 1000,
    memory: { currentBytes: bytes, events: { oomKill } },
    pids: { current: tasks }
  })

function setUp ({ isNew = false } = {}) {
  const cgroup = new FakeCgroup()
  const watched = new WatchedContainer(foundOf({ isNew }), cgroup, momentAt(0))
  const lookAt = (ms: number, reading: ReturnType<typeof living> | null | Error, extent: Extent = 'full') => {
    cgroup.now = reading
    return watched.look(momentAt(ms), extent)
  }
  return { cgroup, watched, lookAt }
}

test('a container that lives on changes nothing', () => {
  const { watched, lookAt } = setUp()
  expect([lookAt(0, living(0)), lookAt(250, living(250))]).toEqual(['none', 'none'])
  expect(watched).toMatchObject({ tally: { restarts: 0 }, isRestarted: false, isAway: false, last: living(250) })
  expect(watched.aSecondAgo()).toEqual(living(0))
})

test('a container that was away and comes back is restarted, once', () => {
  const { watched, lookAt } = setUp()
  lookAt(0, living(0))
  expect([lookAt(250, null), lookAt(500, null), lookAt(750, living(750, { inode: 2 }))]).toEqual([
    'ended',
    'none',
    'began'
  ])
  expect(watched).toMatchObject({ tally: { restarts: 1 }, isRestarted: true, isAway: false, began: momentAt(750) })
  expect(watched.aSecondAgo()).toBeNull()
})

test('a container restarted between two looks shows it by its inode', () => {
  const { watched, lookAt } = setUp()
  lookAt(0, living(0))
  expect(lookAt(250, living(250, { inode: 2 }))).toBe('restarted')
  expect(watched.tally.restarts).toBe(1)
  expect(watched.aSecondAgo()).toBeNull()
})

test('a container keeps its last reading while it is away', () => {
  const { watched, lookAt } = setUp()
  lookAt(0, living(0))
  lookAt(250, null)
  expect(watched).toMatchObject({ isAway: true, endedMs: 250, last: living(0) })
})

test.each([
  ['before the lab came are not new', { isNew: false }, 0],
  ['in a life that the lab saw begin are new', { isNew: true }, 2]
])('kills that were counted %s', (_case, options, kills) => {
  const { watched, lookAt } = setUp(options)
  lookAt(0, living(0, { oomKill: 2 }))
  expect(watched.newKills).toBe(kills)
})

test('a kill between two readings is new in one sample only', () => {
  const { watched, lookAt } = setUp()
  const seen = [living(0), living(250, { oomKill: 1 }), living(500, { oomKill: 1 })].map((reading, i) => {
    lookAt(i * 250, reading)
    return watched.newKills
  })
  expect(seen).toEqual([0, 1, 0])
})

test('a kill in the first moments of a new life is seen', () => {
  const { watched, lookAt } = setUp()
  lookAt(0, living(0, { oomKill: 5 }))
  lookAt(250, null)
  lookAt(500, living(500, { inode: 2, oomKill: 1 }))
  expect(watched.newKills).toBe(1)
})

test('kills before a look that had no count of them are not new after it, and those meanwhile are', () => {
  const { watched, lookAt } = setUp()
  const counted = (oomKill: number | null) => readingOf({ memory: { events: { oomKill } } })
  lookAt(0, counted(3))
  const kills = [counted(null), counted(3), counted(null), counted(5), counted(5)].map((reading, i) => {
    lookAt(250 * (i + 1), reading)
    return watched.newKills
  })
  expect(kills).toEqual([0, 0, 0, 2, 0])
})

test('a kill is judged by the counts since more than a second before it', () => {
  const { watched, lookAt } = setUp()
  for (let ms = 0; ms <= 3000; ms += 250) lookAt(ms, living(ms))
  expect(watched.countsFrom?.monotonicUs).toBe(1_750_000)
})

test('after a while without readings, a kill is judged by the counts since the last one before it', () => {
  const { watched, lookAt } = setUp()
  lookAt(0, living(0))
  lookAt(9000, living(9000, { oomKill: 1 }))
  expect(watched.countsFrom?.monotonicUs).toBe(0)
})

test.each([
  ['began while the lab looked on', { isNew: true }, 1], ['came after another', { isNew: false }, 2]
])('a kill in a life that %s is judged by all counts of that life', (_case, options, inode) => {
  const { watched, lookAt } = setUp(options)
  if (inode === 2) lookAt(0, living(0))
  lookAt(250, living(250, { inode, oomKill: 1 }))
  expect(watched).toMatchObject({ newKills: 1, countsFrom: null })
})

test('the highest usage that was read is kept for as long as a life lasts, away included', () => {
  const { watched, lookAt } = setUp()
  const firstLife = [living(0, { bytes: 50 }), living(250, { bytes: 90 }), living(500), living(750, { bytes: 20 })]
  const seen = [...firstLife, null, living(1250, { inode: 2, bytes: 30 })].map((reading, i) => {
    lookAt(i * 250, reading)
    return watched.highestBytes
  })
  expect(seen).toEqual([50, 90, 90, 90, 90, 30])
})

test('a look that fails leaves no kill of the look before', () => {
  const { watched, lookAt } = setUp()
  lookAt(0, living(0))
  lookAt(250, living(250, { oomKill: 1 }))
  expect(() => lookAt(500, new Error('EMFILE'))).toThrow('EMFILE')
  expect(watched.newKills).toBe(0)
})

test('a second ago is the oldest reading of the last second, of this life', () => {
  const { watched, lookAt } = setUp()
  for (let ms = 0; ms <= 2000; ms += 250) lookAt(ms, living(ms))
  expect(watched.aSecondAgo()?.monotonicUs).toBe(1_000_000)
  lookAt(2250, living(2250, { inode: 2 }))
  expect(watched.aSecondAgo()).toBeNull()
})

test('limits that seldom change are read at first and then every five seconds, those above every thirty', () => {
  const { cgroup, lookAt } = setUp()
  for (let ms = 0; ms < 35_000; ms += 250) lookAt(ms, living(ms))
  expect([cgroup.allLimitsAsked, cgroup.effectiveAsked]).toEqual([7, 2])
})

test('limits that seldom change are read every thirty seconds while looks are at the core', () => {
  const { cgroup, lookAt } = setUp()
  for (let ms = 0; ms < 65_000; ms += 250) lookAt(ms, living(ms), 'core')
  expect(cgroup.allLimitsAsked).toBe(3)
})

test('effective limits of a new life are read with every look while the engine still writes them', () => {
  const { cgroup, lookAt } = setUp()
  lookAt(0, living(0))
  cgroup.effectiveAsked = 0
  for (let ms = 250; ms <= 4000; ms += 250) lookAt(ms, living(ms, { inode: 2 }))
  expect([cgroup.allLimitsAsked, cgroup.effectiveAsked]).toEqual([8, 8])
})

test('effective limits are read again when the container\'s own change', () => {
  const { cgroup, lookAt } = setUp()
  lookAt(0, living(0))
  lookAt(250, { ...living(250), limits: { ...living(0).limits, memoryMaxBytes: 1024 } })
  lookAt(500, { ...living(500), limits: { ...living(0).limits, memoryMaxBytes: 1024 } })
  expect(cgroup.effectiveAsked).toBe(2)
})

test('a life that is over has no tasks, whatever the next one has; where tasks are not counted, their number is not known', () => {
  const { cgroup, watched, lookAt } = setUp()
  lookAt(0, living(0))
  expect(watched.tasksNow()).toBe(5)
  cgroup.now = living(1, { inode: 2 })
  expect(watched.tasksNow()).toBe(0)
  cgroup.now = null
  expect(watched.tasksNow()).toBe(0)
  cgroup.now = readingOf({ inode: 1 })
  expect(watched.tasksNow()).toBeNull()
})

test('a look at all that is shown needs no reading for a view, but one for a scrape', () => {
  const { cgroup, watched, lookAt } = setUp()
  lookAt(0, living(0), 'shown')
  expect([watched.newest('core'), watched.newest('shown')]).toEqual([watched.last, watched.last])
  expect(cgroup.extents).toEqual(['shown'])
  for (const extent of ['full', 'full', 'shown'] as const) watched.newest(extent)
  expect(cgroup.extents).toEqual(['shown', 'full'])
  lookAt(250, living(250), 'shown')
  watched.newest('full')
  expect(cgroup.extents).toEqual(['shown', 'full', 'shown', 'full'])
})

test('after a look at the core a reading of more is of the moment it is asked for, and leaves no trace', () => {
  const { cgroup, watched, lookAt } = setUp()
  lookAt(0, living(0), 'core')
  cgroup.now = living(100, { oomKill: 1 })
  expect(watched.newest('shown')?.monotonicUs).toBe(100_000)
  expect(watched).toMatchObject({ last: living(0), newKills: 0 })
  lookAt(250, living(250, { oomKill: 1 }), 'core')
  expect(watched.newKills).toBe(1)
})

test('a reading between two looks that finds other limits makes the effective ones anew', () => {
  const { cgroup, watched, lookAt } = setUp()
  lookAt(0, living(0), 'core')
  cgroup.now = { ...living(100), limits: { ...living(0).limits, cpuShares: 512 } }
  watched.newest('shown')
  watched.newest('shown')
  expect(cgroup.effectiveAsked).toBe(2)
})

test('there is no newest reading of a life that is over', () => {
  const { cgroup, watched, lookAt } = setUp()
  expect(watched.newest('core')).toBeNull()
  lookAt(0, living(0), 'core')
  cgroup.now = living(100, { inode: 2 })
  expect(watched.newest('shown')).toBeNull()
  lookAt(250, null, 'core')
  expect(watched.newest('core')).toBeNull()
})
