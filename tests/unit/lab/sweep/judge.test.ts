import { describe, expect, test } from '@jest/globals'
import { checksOf, outcomeOf, type Judged } from '#lab/sweep/judge.ts'
import type { TrialFigures } from '#lab/wire/sweep.ts'
import { before, figuresOf, goal } from '../support/trials.ts'

function judgedOf (figures: Partial<TrialFigures> = {}, given: Partial<Judged> = {}) {
  const trial: Judged = {
    service: 'api',
    version: 'v1',
    purpose: 'cpus',
    limits: before,
    goal,
    machineCpus: 2,
    doubt: null,
    ...given,
    figures: figuresOf(figures)
  }
  const checks = checksOf(trial)
  return { outcome: outcomeOf(checks), checks, open: checks.filter(({ holds }) => holds !== true) }
}

describe('a trial', () => {
  test('that kept everything has passed', () => {
    expect(judgedOf()).toMatchObject({ outcome: 'passed', open: [] })
  })

  test.each<[string, Partial<TrialFigures>]>([
    ['was throttled and too slow', { p99Ms: 251, throttledShare: 0.3 }],
    ['used up its quota and was too slow', { p99Ms: 251, cores: 0.49 }],
    ['was throttled and failed too often', { failed: 1, throttledShare: 0.3 }],
    ['was throttled while its queue grew', { halvesP50Ms: [60, 120], throttledShare: 0.9 }],
    ['had a process killed', { oomKills: 1 }],
    ['was started again', { restarts: 1 }],
    ['could not start a task', { pidsLimitHits: 3 }],
    ['waited for memory', { memoryPressureShare: 0.11 }]
  ])('that %s has failed', (_case, figures) => {
    const { outcome, open } = judgedOf(figures)
    expect([outcome, open.length]).toEqual(['failed', 1])
  })

  test('that was too slow although no limit was in the way is not measured, and says so', () => {
    const { outcome, open } = judgedOf({ p99Ms: 400 })
    expect(outcome).toBe('not_measured')
    expect(open.map(({ saw }) => saw)).toEqual(['400 ms', 'no limit was in the way: throttled in 0 % of its periods'])
  })

  test('that has all CPUs and is too slow has failed: no limit can make it faster', () => {
    expect(judgedOf({ p99Ms: 400 }, { purpose: 'baseline' }).outcome).toBe('failed')
  })

  test('whose generator was late is not measured, even if it was throttled', () => {
    const { outcome, open } = judgedOf({ p99Ms: 400, throttledShare: 0.5 }, { doubt: 'the generator was late' })
    expect([outcome, open.at(-1)!.saw]).toEqual(['not_measured', 'the generator was late'])
  })

  test('on a machine that others used up is not measured, even if it was throttled', () => {
    const { outcome, open } = judgedOf({ p99Ms: 400, throttledShare: 0.5, cores: 0.3, otherCores: 1.6 })
    expect([outcome, open.at(-1)!.saw])
      .toEqual(['not_measured', 'everything else used 1.60 CPU of this machine\'s 2, and little was idle'])
  })

  test('that used up its quota has failed, also on a machine that others used up', () => {
    expect(judgedOf({ p99Ms: 400, throttledShare: 0.9, cores: 0.48, otherCores: 1.5 }).outcome).toBe('failed')
  })

  test('that used up the machine by itself has failed', () => {
    expect(judgedOf({ p99Ms: 400, cores: 1.7, otherCores: 0.2 }, { purpose: 'baseline' }).outcome).toBe('failed')
  })

  test('whose generator was late has passed if it was fast enough all the same', () => {
    expect(judgedOf({}, { doubt: 'the generator was late' }).outcome).toBe('passed')
  })

  test.each<[string, [number, number]]>([
    ['a little', [7, 12]], ['in proportion, but not much', [7, 30]], ['from a high level', [100, 140]]
  ])('whose second half is slower %s has no growing queue', (_case, halvesP50Ms) => {
    expect(judgedOf({ halvesP50Ms, throttledShare: 0.5 }).outcome).toBe('passed')
  })

  test('that could keep its goal in spite of throttling has passed', () => {
    expect(judgedOf({ throttledShare: 0.8, p99Ms: 249 }).outcome).toBe('passed')
  })

  test('whose kills cannot be read is not measured', () => {
    expect(judgedOf({ oomKills: null }).outcome).toBe('not_measured')
  })

  test.each([
    ['of memory fails by pages that come back, where there is no PSI', 'memory', null, 'failed'],
    ['of memory is judged by PSI where there is one', 'memory', 0.02, 'passed'],
    ['of CPU is not judged by pages that come back', 'cpus', null, 'passed']
  ] as const)('%s', (_case, purpose, memoryPressureShare, outcome) => {
    expect(judgedOf({ refaults: 8000, memoryPressureShare }, { purpose }).outcome).toBe(outcome)
  })

  test('names the files of the kernel that it was judged by', () => {
    expect(judgedOf({ memoryPressureShare: 0 }, { version: 'v2' }).checks.map(({ source }) => source)).toEqual([
      'lab: load generator', 'lab: load generator', 'lab: load generator',
      'api: memory.events oom_kill', 'api: inode of the cgroup', 'api: memory.pressure some', 'api: pids.events max'
    ])
  })
})
