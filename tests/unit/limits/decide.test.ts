import { describe, expect, test } from '@jest/globals'
import { areEqual, belowUse, wanted } from '#limits/decide.ts'
import type { ContainerLimits } from '#shared/limits/change.ts'

const MIB = 1024 * 1024
const limits = (changed: Partial<ContainerLimits> = {}): ContainerLimits =>
  ({ memoryBytes: 256 * MIB, memoryAndSwapBytes: 256 * MIB, cpus: 0.5, pids: 128, ...changed })
const inUse = { memoryBytes: 100 * MIB, pids: 30 }

describe('a change', () => {
  const before = limits({ memoryAndSwapBytes: 512 * MIB, cpus: 'max' })

  test('leaves out what stays as it is', () => {
    expect(wanted({ service: 'api', cpus: 0.25 }, limits(), before)).toEqual(limits({ cpus: 0.25 }))
  })

  test('of memory is one of swap as well', () => {
    const changed = wanted({ service: 'api', memoryBytes: 128 * MIB }, before, before)
    expect(changed).toEqual({ ...before, memoryBytes: 128 * MIB, memoryAndSwapBytes: 128 * MIB })
  })

  test('to null is what there was before, with its swap', () => {
    const now = limits({ memoryBytes: MIB, memoryAndSwapBytes: MIB, cpus: 0.1, pids: 5 })
    expect(wanted({ service: 'api', memoryBytes: null, cpus: null, pids: null }, now, before)).toEqual(before)
  })
})

describe('below what is in use', () => {
  test.each([
    ['memory below use', { memoryBytes: 99 * MIB }, /100 MiB are in use that the kernel cannot take back/],
    ['fewer tasks than run', { pids: 29 }, /30 tasks are running/],
    ['a first limit below use', { memoryBytes: 50 * MIB }, /would kill/]
  ])('%s is said to be so', (_what, to, reason) => {
    const now = limits({ memoryBytes: 'max', pids: 'max' })
    expect(belowUse({ limits: now, inUse }, { ...now, ...to })).toMatch(reason)
  })

  test.each([
    ['as much memory as is in use', { memoryBytes: 100 * MIB }],
    ['as many tasks as run', { pids: 30 }],
    ['no limit', { memoryBytes: 'max' as const, pids: 'max' as const }],
    ['a limit that is raised, however low', { pids: 29 }]
  ])('%s is not', (_what, to) => {
    expect(belowUse({ limits: limits({ pids: 20 }), inUse }, limits(to))).toBeNull()
  })
})

test.each([
  ['memoryBytes', 1], ['memoryAndSwapBytes', 'max'], ['cpus', 0.25], ['pids', 'max']
] as const)('limits that differ in %s are not equal', (key, value) => {
  expect([areEqual(limits(), limits()), areEqual(limits(), limits({ [key]: value }))]).toEqual([true, false])
})
