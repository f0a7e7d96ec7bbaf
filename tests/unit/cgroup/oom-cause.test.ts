import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { oomBetween, type OomCause } from '#cgroup/oom-cause.ts'
import type { Reading } from '#cgroup/reading.ts'
import { CgroupV1 } from '#cgroup/v1.ts'
import { CgroupV2 } from '#cgroup/v2.ts'
import { fixture, makeTree, procOfHost, removeTrees } from '#support/cgroup-tree.ts'
import { readingOf } from '#support/readings.ts'

afterEach(removeTrees)

const MIB = 2 ** 20

interface Counts {
  oom?: number | null
  oomKill?: number
  groupKill?: number | null
  max?: number | null
  peakMib?: number | null
  memswPeakMib?: number | null
}
interface Limits { limitMib?: number | 'max' | null, memswMib?: number | 'max' | null, version?: Reading['version'] }

const bytes = <T>(mib: number | T): number | T => typeof mib === 'number' ? mib * MIB : mib

function at (
  { oom = null, oomKill = 0, groupKill = null, max = null, peakMib = null, memswPeakMib = null }: Counts,
  { limitMib = 256, memswMib = null, version = 'v2' }: Limits = {}
): Reading {
  return readingOf({
    version,
    limits: { memoryMaxBytes: bytes(limitMib), rawSwapMaxBytes: bytes(memswMib) },
    memory: {
      peakBytes: bytes(peakMib),
      memswPeakBytes: bytes(memswPeakMib),
      events: { oom, oomKill, oomGroupKill: groupKill, max }
    }
  })
}

describe('on cgroup v2 a kill', () => {
  test.each<[string, Counts, Counts, OomCause]>([
    ['with which `oom` rose is for the own limit', { oom: 0 }, { oom: 1, oomKill: 1 }, 'own_limit'],
    ['with which `oom` rose is for the own limit, also with a peak far below it', { oom: 0, peakMib: 40 }, { oom: 1, oomKill: 1, peakMib: 60 }, 'own_limit'],
    ['for which several threads met the limit at once is for it', { oom: 3 }, { oom: 6, oomKill: 1 }, 'own_limit'],
    ['with which `oom` did not rise is not for the own limit', { oom: 0 }, { oom: 0, oomKill: 1 }, 'not_own_limit'],
    ['with which only `max` rose is not: page cache does that', { oom: 0, max: 5 }, { oom: 0, oomKill: 1, max: 90 }, 'not_own_limit'],
    ['after which the peak is at the limit is not, if `oom` did not rise', { oom: 2, peakMib: 256 }, { oom: 2, oomKill: 1, peakMib: 256 }, 'not_own_limit'],
    ['of a whole group is by one `oom`', { oom: 0, groupKill: 0 }, { oom: 1, oomKill: 4, groupKill: 1 }, 'own_limit'],
    ['and another, with one `oom`, cannot be distinguished', { oom: 0, groupKill: 0 }, { oom: 1, oomKill: 2, groupKill: 0 }, 'not_counted']
  ])('%s', (_case, before, after, cause) => {
    expect(oomBetween(at(before), at(after)).cause).toBe(cause)
  })

  test('in a cgroup that is younger than the reading before is judged by all its counts', () => {
    expect(oomBetween(null, at({ oom: 1, oomKill: 1 }))).toMatchObject({ cause: 'own_limit', kills: 1, ooms: 1 })
    expect(oomBetween(null, at({ oom: 0, oomKill: 1 }))).toMatchObject({ cause: 'not_own_limit', kills: 1, ooms: 0 })
  })

  test('read on a real host after a child took more than its limit is for that', () => {
    const cgroup = new CgroupV2(fixture('v2/after-oom-kill'), '/', makeTree(procOfHost))
    expect(oomBetween(null, cgroup.read(null, 'core')!)).toMatchObject({
      cause: 'own_limit',
      kills: 1,
      ooms: 1,
      isLimitMet: true
    })
    cgroup.close()
  })

  test('where `oom` is not counted is judged as on v1', () => {
    expect(oomBetween(at({ max: 3 }), at({ max: 3, oomKill: 1 })).cause).toBe('not_own_limit')
    expect(oomBetween(at({ max: 3 }), at({ max: 4, oomKill: 1 })).cause).toBe('not_counted')
  })
})

describe('on cgroup v1 a kill', () => {
  test.each<[string, Limits, Counts, Counts, OomCause]>([
    ['while failcnt stood still is not for the own limit', {}, { max: 7, peakMib: 256 }, { max: 7, peakMib: 256 }, 'not_own_limit'],
    ['while failcnt rose may be for either', {}, { max: 7, peakMib: 256 }, { max: 8, peakMib: 256 }, 'not_counted'],
    ['while failcnt was not read is not for a limit that was never approached', {}, { peakMib: 40 }, { peakMib: 200 }, 'not_own_limit'],
    ['while failcnt was not read may be for one that was', {}, { peakMib: 40 }, { peakMib: 255 }, 'not_counted'],
    ['whose peak was reset in between is judged by the one before', {}, { peakMib: 256 }, { peakMib: 10 }, 'not_counted'],
    ['whose failcnt was reset in between is judged without it', {}, { max: 9, peakMib: 256 }, { max: 0, peakMib: 256 }, 'not_counted'],
    ['of which nothing else is read has an unknown cause', {}, {}, {}, 'not_counted'],
    ['without a limit of its own is for another', { limitMib: 'max' }, {}, { max: 0 }, 'not_own_limit'],
    ['with an unknown limit is for another if failcnt did not rise', { limitMib: null }, { max: 0 }, { max: 0 }, 'not_own_limit'],
    ['at a limit of memory and swap may be for that: it refuses before failcnt can count', { memswMib: 256 },
      { max: 0, peakMib: 60, memswPeakMib: 60 }, { max: 0, peakMib: 256, memswPeakMib: 256 }, 'not_counted'],
    ['at a limit of memory and swap may be for that, though memory alone stayed far below: the rest was swapped', { memswMib: 256 },
      { max: 0, peakMib: 60, memswPeakMib: 60 }, { max: 0, peakMib: 160, memswPeakMib: 256 }, 'not_counted'],
    ['far below both limits is for another', { memswMib: 512 }, { peakMib: 60, memswPeakMib: 60 }, { max: 0, peakMib: 200, memswPeakMib: 210 }, 'not_own_limit'],
    ['under a limit of memory and swap whose peak is unknown has an unknown cause', { memswMib: 256 }, { max: 0, peakMib: 60 }, { max: 0, peakMib: 60 }, 'not_counted'],
    ['with swap without a limit is judged by memory alone', { memswMib: 'max' }, { max: 2 }, { max: 2 }, 'not_own_limit']
  ])('%s', (_case, limits, before, after, cause) => {
    const version = 'v1' as const
    const ofV1 = { ...limits, version }
    expect(oomBetween(at(before, ofV1), at({ ...after, oomKill: 1 }, ofV1)).cause).toBe(cause)
  })

  interface Recorded { before: Record<string, string>, after: Record<string, string> }
  const recorded = JSON.parse(readFileSync(new URL('../../fixtures/cases/08-killed-from-above/read-on-v1.json', import.meta.url), 'utf8')) as Record<string, Recorded>

  /** As they were on Linux 6.18: a process took more than it could have, under limits that were made for it. */
  test.each<[string, OomCause]>([
    ['for a limit above', 'not_own_limit'],
    ['for its own limit on memory alone', 'not_counted'],
    ['for its own limit on memory and swap together', 'not_counted'],
    ['for a limit above, after page cache had met its own', 'not_own_limit']
  ])('case 08: read on a real host %s: %s', (name, cause) => {
    const [before, after] = [recorded[name]!.before, recorded[name]!.after].map(readV1)
    expect(oomBetween(before!, after!)).toMatchObject({ kills: 1, ooms: null, cause })
  })

  function readV1 (files: Record<string, string>): Reading {
    const root = makeTree(Object.fromEntries(Object.entries(files).map(([name, text]) => [`memory/job/${name}`, text])))
    const cgroup = new CgroupV1({ memory: { mount: `${root}/memory`, path: '/job' } }, makeTree(procOfHost))
    const reading = cgroup.read(null, 'core')!
    cgroup.close()
    return reading
  }
})
