import { describe, expect, test } from '@jest/globals'
import type { EffectiveLimits } from '#cgroup/reading.ts'
import { limitChange, LimitSteps } from '#lab/observing/containers/limit-steps.ts'

const MIB = 1024 * 1024
const limitsOf = (mib: number, cores = 0.5): EffectiveLimits => ({
  memory: { bytes: mib * MIB, from: 'own' },
  cpuCores: { cores, from: 'own' },
  swap: null,
  pids: { max: 128, from: 'own' }
})

describe('the limits of a container over time', () => {
  test('have a step for each change, which returns what was before', () => {
    const steps = new LimitSteps()
    expect(steps.note(limitsOf(256), 0, false)).toBeNull()
    expect(steps.note(limitsOf(256), 250, false)).toBeNull()
    expect(steps.note(limitsOf(128), 500, false)).toEqual(limitsOf(256))
    expect(steps.all).toEqual([{ fromMs: 0, effective: limitsOf(256) }, { fromMs: 500, effective: limitsOf(128) }])
  })

  test('that are still being written are no change', () => {
    const steps = new LimitSteps()
    steps.note(limitsOf(16_000), 0, true)
    expect(steps.note(limitsOf(256), 250, true)).toBeNull()
    expect(steps.all).toEqual([{ fromMs: 0, effective: limitsOf(256) }])
  })

  test('are kept for the last hundred changes', () => {
    const steps = new LimitSteps()
    for (let i = 1; i <= 150; i++) steps.note(limitsOf(i), i, false)
    expect([steps.all.length, steps.all[0]!.fromMs]).toEqual([100, 51])
  })
})

test('a change of limits says what differs', () => {
  expect(limitChange(limitsOf(256), limitsOf(128, 0.25))).toBe('memory 256 MiB → 128 MiB, CPUs 0.5 → 0.25')
  expect(limitChange(limitsOf(256), { ...limitsOf(256), pids: null })).toBe('tasks 128 → –')
})
