import { describe, expect, test } from '@jest/globals'
import { oomBetween } from '#cgroup/oom-cause.ts'
import { textOf, attributeRise, attributeEnds, type EndedLife, type OwnKill } from '#lab/observing/oom/attribution.ts'
import { fullReading, readingOf } from '#support/readings.ts'

const MIB = 2 ** 20
const limitBytes = 256 * MIB
const lifeAt = (mib: number): EndedLife => ({
  last: readingOf({ memory: { currentBytes: mib * MIB, peakBytes: mib * MIB } }),
  highestBytes: mib * MIB,
  limitBytes
})

describe('a kill that the container counted itself', () => {
  type Given = Parameters<typeof fullReading>[0] & { kills?: number, oom?: number | null }
  /** All counts as they rose from 0; at a peak of `mib`. */
  const killAt = (mib: number, { kills = 1, oom = kills as number | null, ...given }: Given = {}): OwnKill => {
    const events = { max: 9, oom, oomKill: kills, oomGroupKill: 0 }
    const last = fullReading({ ...given, memory: { peakBytes: mib * MIB, events } })
    return { kills, evidence: oomBetween(null, last), peak: { bytes: mib * MIB, from: 'kernel' }, limitBytes }
  }

  test.each([
    ['lives on', 'child', 7], ['has no task left', 'pid1', 0], ['does not count its tasks', 'unknown', null]
  ] as const)('has, when the container %s, the victim %s', (_case, victim, tasksLeft) => {
    expect(attributeRise(killAt(256), tasksLeft)).toMatchObject({
      kills: 1,
      victim,
      cause: 'own_limit',
      countedBy: 'own'
    })
  })

  test.each<[string, OwnKill, string]>([
    ['for its own limit', killAt(256), 'killed by its own memory limit (oom +1): oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child'],
    ['twice for its own limit', killAt(256, { kills: 2 }), 'killed by its own memory limit (oom +2): oom_kill +2, peak = 256 MiB of 256 MiB, victim: a child'],
    ['for a limit below it, with none of its own', killAt(300, { limits: { memoryMaxBytes: 'max' } }),
      'killed by a memory limit inside it (oom +1): oom_kill +1, peak = 300 MiB, victim: a child'],
    ['for another limit', killAt(100, { oom: 0 }), 'killed by the OOM killer; its own limit was not the reason (oom +0): oom_kill +1, peak = 100 MiB of 256 MiB, victim: a child'],
    ['for another limit, with its own once met', killAt(256, { oom: 0 }),
      'killed by the OOM killer; its own limit was not the reason (oom +0): oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child'],
    ['with no limit of its own', killAt(300, { oom: 0, limits: { memoryMaxBytes: 'max' } }),
      'killed by the OOM killer; it has no limit of its own (oom +0): oom_kill +1, peak = 300 MiB, victim: a child'],
    ['on v1, far below its limit', killAt(100, { oom: null, version: 'v1', limits: { rawSwapMaxBytes: null } }),
      'killed by the OOM killer; its own limit was not the reason: oom_kill +1, peak = 100 MiB of 256 MiB, victim: a child'],
    ['on v1, at its limit', killAt(256, { oom: null, version: 'hybrid' }),
      'killed by the OOM killer; cgroup v1 does not count whether its own limit or one above it was the reason: oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child']
  ])('%s is explained by its evidence', (_case, kill, text) => {
    expect(textOf(attributeRise(kill, 7))).toBe(text)
  })

  test('where the kernel keeps no peak has one that was seen', () => {
    expect(textOf(attributeRise({ ...killAt(256), peak: { bytes: 60 * MIB, from: 'samples' } }, 7))).toMatch(
      /, peak seen = 60 MiB of 256 MiB,/
    )
  })

  test('of which nothing else is known says so', () => {
    const peak = { bytes: null, from: null }
    const kill = { kills: 1, evidence: oomBetween(readingOf(), readingOf()), peak, limitBytes: null }
    expect(textOf(attributeRise(kill, 7)))
      .toBe('killed by the OOM killer; this kernel does not count whether its own limit or one above it was the reason: oom_kill +1, peak = ? of ?, victim: a child')
  })
})

describe('a container that ended', () => {
  test('was not killed if no kill is left unexplained, even if its memory was full', () => {
    expect(attributeEnds([lifeAt(256)], 0, 'parent')).toEqual([null])
  })

  test('while the cgroup above counted one kill was its victim', () => {
    const [verdict] = attributeEnds([lifeAt(250)], 1, 'parent')
    expect(verdict).toEqual({
      kills: 1,
      cause: 'not_counted',
      peakBytes: 250 * MIB,
      peakFrom: 'samples',
      limitBytes,
      victim: 'pid1',
      countedBy: 'parent',
      evidence: null
    })
    expect(textOf(verdict!))
      .toBe('OOM-killed: oom_kill +1, counted by the cgroup above as it ended, peak seen = 250 MiB of 256 MiB, victim: PID 1 (the container ended)')
  })

  test('faster than a sample was killed all the same', () => {
    expect(attributeEnds([lifeAt(60)], 1, 'host')).toMatchObject([{ kills: 1, victim: 'pid1', countedBy: 'host' }])
  })

  test('near its limit is suspected before one that was not', () => {
    expect(attributeEnds([lifeAt(60), lifeAt(250)], 1, 'parent')).toMatchObject([null, { kills: 1, victim: 'pid1' }])
  })

  test('together with another, for one kill, may have been killed, and no kill is counted', () => {
    const verdicts = attributeEnds([lifeAt(60), lifeAt(70)], 1, 'parent')
    expect(verdicts).toMatchObject([
      { kills: 0, victim: 'unknown' },
      { kills: 0, victim: 'unknown' }
    ])
    expect(textOf(verdicts[0]!)).toMatch(
      /^may have been OOM-killed: several containers ended while the cgroup above counted oom_kill/
    )
  })

  test('together with another, for two kills, was killed, and so was the other', () => {
    expect(attributeEnds([lifeAt(250), lifeAt(256)], 2, 'host')).toMatchObject([
      { kills: 1, victim: 'pid1' },
      { kills: 1, victim: 'pid1' }
    ])
  })

  test('near its limit where no witness counts kills may have been killed', () => {
    const verdicts = attributeEnds([lifeAt(250), lifeAt(60)], null, 'host')
    expect(verdicts).toMatchObject([{ kills: 0, victim: 'unknown', countedBy: null }, null])
    expect(textOf(verdicts[0]!)).toMatch(
      /^ended near its memory limit, peak seen = 250 MiB of 256 MiB; whether it was killed is not known/
    )
  })
})
