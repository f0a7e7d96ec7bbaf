import { afterEach, expect, test } from '@jest/globals'
import { effectiveLimits, readHost } from '#cgroup/effective.ts'
import type { Limits } from '#cgroup/reading.ts'
import { faultText, makeTree, procOfHost, removeTrees } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

const silent: Limits = {
  cpuMax: null,
  cpuWeight: null,
  cpuShares: null,
  cpusetCpus: null,
  memoryMaxBytes: null,
  memoryHighBytes: null,
  memoryLowBytes: null,
  swapMaxBytes: null,
  rawSwapMaxBytes: null,
  pidsMax: null
}
const host = { cpus: 4, memoryBytes: 1000, swapBytes: 0, pids: 300 }
const quota = (cores: number | 'max') => ({
  cpuMax: { quotaUs: cores === 'max' ? cores : cores * 100000, periodUs: 100000 }
})

test.each([
  ['its own is the smallest', 10, [20, 30], { bytes: 10, from: 'own' }],
  ['its parent allows less', 10, [5, 30], { bytes: 5, from: 'ancestor' }],
  ['its grandparent allows least', 10, [5, 3], { bytes: 3, from: 'ancestor' }],
  ['own and parent are equal: the nearer sets it', 10, [10], { bytes: 10, from: 'own' }],
  ['nothing is limited', 'max' as const, ['max' as const], { bytes: 1000, from: 'host' }],
  ['the limit is above what the machine has', 5000, ['max' as const], { bytes: 1000, from: 'host' }],
  ['the limit is zero', 0, [], { bytes: 0, from: 'own' }],
  ['the controller is only above', null, [7], { bytes: 7, from: 'ancestor' }]
])('effective memory where %s', (_case, own, above, memory) => {
  const ancestors = above.map(memoryMaxBytes => ({ ...silent, memoryMaxBytes }))
  expect(effectiveLimits({ ...silent, memoryMaxBytes: own }, ancestors, host).memory).toEqual(memory)
})

test.each([
  ['a quota of its own', quota(0.5), {}, { cores: 0.5, from: 'own' }],
  ['a smaller quota above', quota(0.5), quota(0.25), { cores: 0.25, from: 'ancestor' }],
  ['a quota beyond the machine', quota(8), {}, { cores: 4, from: 'host' }],
  ['no limit anywhere', quota('max'), quota('max'), { cores: 4, from: 'host' }],
  ['all CPUs in the cpuset: no limit', { ...quota('max'), cpusetCpus: 4 }, { cpusetCpus: 4 }, { cores: 4, from: 'host' }],
  ['a cpuset of its own', { ...quota('max'), cpusetCpus: 1 }, { cpusetCpus: 4 }, { cores: 1, from: 'own' }],
  ['a cpuset that came from above', { ...quota('max'), cpusetCpus: 2 }, { cpusetCpus: 2 }, { cores: 2, from: 'ancestor' }],
  ['a quota below its cpuset', { ...quota(0.5), cpusetCpus: 1 }, {}, { cores: 0.5, from: 'own' }],
  ['a cpuset below its quota', { ...quota(3), cpusetCpus: 2 }, {}, { cores: 2, from: 'own' }]
])('effective CPUs with %s', (_case, own, above, cpuCores) => {
  expect(effectiveLimits({ ...silent, ...own }, [{ ...silent, ...above }], host).cpuCores).toEqual(cpuCores)
})

test('effective limits where nothing is known are null', () => {
  const host = { cpus: 4, memoryBytes: null, swapBytes: null, pids: null }
  const { memory, swap, pids } = effectiveLimits(silent, [], host)
  expect([memory, swap, pids]).toEqual([null, null, null])
})

test('readHost takes meminfo in units of 1024 bytes and the lower of the two bounds of tasks', () => {
  expect(readHost(makeTree(procOfHost))).toMatchObject({ memoryBytes: 6 * 1024 ** 3, swapBytes: 0, pids: 47386 })
})

test('readHost without the files has null', () => {
  expect(readHost(makeTree({}))).toMatchObject({ memoryBytes: null, swapBytes: null, pids: null })
})

test('readHost with a malformed meminfo has the valid values, and reports file, key and text', () => {
  const reported: string[] = []
  const proc = makeTree({ meminfo: 'MemTotal: lots kB\nSwapTotal: 4 kB\n' })
  expect(readHost(proc, fault => reported.push(faultText(fault)))).toMatchObject({ memoryBytes: null, swapBytes: 4096 })
  expect(reported).toEqual([`${proc}/meminfo MemTotal:: expected a whole number, got "lots"`])
})
