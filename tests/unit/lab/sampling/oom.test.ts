import { describe, expect, test } from '@jest/globals'
import { textOf, verdictOfRise, verdictsOfEnds, type EndedLife } from '../../../../services/lab/sampling/oom.ts'
import { readingOf } from '../../shared/readings.ts'

const MIB = 2 ** 20
const limitBytes = 256 * MIB
const lifeAt = (mib: number): EndedLife => ({ last: readingOf({ memory: { currentBytes: mib * MIB, peakBytes: mib * MIB } }), limitBytes })

describe('a kill that the container counted itself', () => {
  const last = lifeAt(256).last

  test.each([
    ['lives on', 7, 'child'], ['has no task left', 0, 'pid1'], ['is gone', null, 'pid1']
  ] as const)('took, when the container %s', (_case, tasksLeft, victim) => {
    expect(verdictOfRise(last, limitBytes, 1, tasksLeft)).toMatchObject({ kills: 1, victim, source: 'own' })
  })

  test('reads as evidence', () => {
    expect(textOf(verdictOfRise(last, limitBytes, 1, 7)))
      .toBe('killed by its own memory limit: oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child')
    expect(textOf(verdictOfRise(last, limitBytes, 2, null)))
      .toBe('killed by its own memory limit: oom_kill +2, peak = 256 MiB of 256 MiB, victim: PID 1 (the container ended)')
  })

  test('far below its own limit is another\'s', () => {
    expect(textOf(verdictOfRise(lifeAt(100).last, limitBytes, 1, 7))).toMatch(/^killed by the OOM killer, and not for its own limit: oom_kill \+1, peak = 100 MiB/)
  })

  test('without a limit or a peak says so', () => {
    expect(textOf(verdictOfRise(readingOf(), null, 1, 7))).toMatch(/peak = \? of \?/)
  })
})

describe('a container that ended', () => {
  test('was not killed if no kill is left unexplained, full as it was', () => {
    expect(verdictsOfEnds([lifeAt(256)], 0, 'parent')).toEqual([null])
  })

  test('while the cgroup above counted one kill was its victim', () => {
    const [verdict] = verdictsOfEnds([lifeAt(250)], 1, 'parent')
    expect(verdict).toEqual({ kills: 1, peakBytes: 250 * MIB, limitBytes, victim: 'pid1', source: 'parent' })
    expect(textOf(verdict!))
      .toBe('OOM-killed: oom_kill +1, counted by the cgroup above as it ended, peak seen = 250 MiB of 256 MiB, victim: PID 1 (the container ended)')
  })

  test('faster than a sample was killed all the same', () => {
    expect(verdictsOfEnds([lifeAt(60)], 1, 'host')).toMatchObject([{ kills: 1, victim: 'pid1', source: 'host' }])
  })

  test('near its limit is suspected before one that was not', () => {
    expect(verdictsOfEnds([lifeAt(60), lifeAt(250)], 1, 'parent')).toMatchObject([null, { kills: 1, victim: 'pid1' }])
  })

  test('with another while there was one kill is not accused, and nothing is counted', () => {
    const verdicts = verdictsOfEnds([lifeAt(60), lifeAt(70)], 1, 'parent')
    expect(verdicts).toMatchObject([{ kills: 0, victim: 'unknown' }, { kills: 0, victim: 'unknown' }])
    expect(textOf(verdicts[0]!)).toMatch(/^may have been OOM-killed: several containers ended while the cgroup above counted oom_kill/)
  })

  test('with another while there were two kills was killed like it', () => {
    expect(verdictsOfEnds([lifeAt(250), lifeAt(256)], 2, 'host')).toMatchObject([{ kills: 1, victim: 'pid1' }, { kills: 1, victim: 'pid1' }])
  })

  test('near its limit where nobody counts may have been killed', () => {
    const verdicts = verdictsOfEnds([lifeAt(250), lifeAt(60)], null, 'host')
    expect(verdicts).toMatchObject([{ kills: 0, victim: 'unknown', source: null }, null])
    expect(textOf(verdicts[0]!)).toMatch(/^ended near its memory limit, peak seen = 250 MiB of 256 MiB; whether it was killed is not known/)
  })
})
