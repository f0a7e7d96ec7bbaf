import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Reading } from '#cgroup/reading.ts'
import { CgroupV2 } from '#cgroup/v2.ts'
import { faultText, makeTree, place, procOfHost, removeTrees, write } from '#support/cgroup-tree.ts'

const path = '/system.slice/docker-x.scope'
let root: string
let cgroup: CgroupV2

beforeEach(() => {
  root = makeTree({})
  cgroup = new CgroupV2(root, path, makeTree(procOfHost))
})

afterEach(() => {
  cgroup.close()
  removeTrees()
})

function read (name: string): Reading {
  place(root, path, `v2/${name}`)
  return cgroup.read()!
}

test('reading of a throttled container has its limits', () => {
  expect(read('half-a-cpu-throttled').limits).toEqual({
    cpuMax: { quotaUs: 50000, periodUs: 100000 },
    cpuWeight: 100,
    cpuShares: null,
    cpusetCpus: 2,
    memoryMaxBytes: 67108864,
    memoryHighBytes: 'max',
    memoryLowBytes: 0,
    swapMaxBytes: 0,
    rawSwapMaxBytes: 0,
    pidsMax: 64
  })
})

test('reading of a throttled container has its CPU counters and pressure', () => {
  const { cpu, pressure } = read('half-a-cpu-throttled')
  expect(cpu).toEqual({
    usageUs: 27385997,
    userUs: 23948856,
    systemUs: 3437141,
    nrPeriods: 540,
    nrThrottled: 513,
    throttledUs: 38863645,
    nrBursts: 0,
    burstUs: 0
  })
  const full = { avg10Percent: 52.49, avg60Percent: 29.4, avg300Percent: 8.01, totalUs: 26008038 }
  expect(pressure.cpu?.full).toEqual(full)
  expect(pressure.memory?.some?.totalUs).toBe(0)
})

test('reading of a calm container has its memory and tasks', () => {
  const { memory, pids, io } = read('quarter-cpu-calm')
  expect(memory.currentBytes).toBe(6844416)
  expect(memory.peakBytes).toBe(13611008)
  expect(memory.workingSetBytes).toBe(6844416 - memory.inactiveFileBytes!)
  expect(memory.swapCurrentBytes).toBe(0)
  const { memswPeakBytes, ...others } = memory
  for (const [key, value] of Object.entries(others)) expect([key, value]).not.toContain(null)
  expect(memswPeakBytes).toBeNull()
  expect(pids).toEqual({ current: 6, peak: 6, limitHits: 0, processes: 1 })
  expect(io).toEqual([])
})

test('reading after an OOM kill has the kill, and the limit was hit', () => {
  expect(read('after-oom-kill').memory.events).toEqual({
    low: 0,
    high: 0,
    max: 18,
    oom: 1,
    oomKill: 1,
    oomGroupKill: 0
  })
})

test('reading of a container without limits says max, not a number', () => {
  const { limits } = read('no-limits')
  expect(limits.cpuMax).toEqual({ quotaUs: 'max', periodUs: 100000 })
  expect([limits.memoryMaxBytes, limits.swapMaxBytes]).toEqual(['max', 'max'])
})

test('reading has when, in which life and by which version', () => {
  const reading = read('no-limits')
  expect(reading.version).toBe('v2')
  expect(reading.inode).toBeGreaterThan(0)
  expect(reading.monotonicUs).toBeGreaterThan(0)
  expect(Math.abs(reading.takenAtMs - Date.now())).toBeLessThan(60_000)
})

test('reading of a slice has the hierarchical events, and null for every file it lacks', () => {
  const { limits, memory, io, pids } = read('parent-slice')
  expect(memory.events.oomKill).toBe(0)
  expect(memory.workingSetBytes).toBeNull()
  expect([limits.pidsMax, io, pids.peak, pids.processes]).toEqual([null, null, null, null])
})

test('kills are counted by life, and null once the cgroup is gone', () => {
  const { inode } = read('quarter-cpu-calm')
  write(root, `${path}/memory.events`, 'oom 1\noom_kill 3\n')
  expect(cgroup.oomKills()).toEqual({ inode, count: 3 })
  rmSync(join(root, path), { recursive: true })
  expect(cgroup.oomKills()).toBeNull()
  write(root, `${path}/memory.current`, '1\n')
  expect(cgroup.oomKills()).toEqual({ inode: expect.any(Number), count: null })
})

test('reading without pressure files has null for each of them', () => {
  expect(read('no-pressure-files').pressure).toEqual({ cpu: null, memory: null, io: null })
})

test('reading without the cpu controller has CPU time, but no limit and no throttling', () => {
  const { cpu, limits, io, memory } = read('cpu-controller-not-delegated')
  expect(cpu.usageUs).toBe(5688852)
  expect([cpu.nrPeriods, cpu.nrThrottled, cpu.throttledUs]).toEqual([null, null, null])
  expect([limits.cpuMax, limits.cpuWeight, limits.cpusetCpus, io]).toEqual([null, null, null, null])
  expect(memory.currentBytes).toBe(6844416)
})

test('reading without swap accounting has null for swap, not zero', () => {
  const { limits, memory } = read('no-swap-accounting')
  expect([limits.swapMaxBytes, limits.rawSwapMaxBytes, memory.swapCurrentBytes]).toEqual([null, null, null])
})

test('reading on kernel 5.10 has null for what came later', () => {
  const { cpu, memory, pids, pressure } = read('kernel-5.10')
  const missing = [memory.peakBytes, memory.kernelBytes, memory.events.oomGroupKill, cpu.nrBursts, pids.peak]
  expect(missing).toEqual([null, null, null, null, null])
  expect(pressure.cpu?.full).toBeNull()
  expect(pressure.memory?.full).not.toBeNull()
})

test('reading with an odd io.stat has the devices that say something', () => {
  expect(read('odd-io-stat').io).toEqual([
    { major: 7, minor: 4, readBytes: 28672, writeBytes: 0, readOps: 22, writeOps: 0, discardBytes: 0 },
    { major: 254, minor: 0, readBytes: 42283008, writeBytes: 41943040, readOps: 69, writeOps: 56, discardBytes: 37748736 }
  ])
})

test('reading with a malformed limit has all but that limit, and reports file and text', () => {
  const { limits, memory } = read('malformed-memory-max')
  expect(limits.memoryMaxBytes).toBeNull()
  expect([memory.currentBytes, memory.anonBytes]).not.toContain(null)
  expect(cgroup.faults().map(faultText)).toEqual([`${join(root, path)}/memory.max null: expected a whole number, got "lots"`])
})

test('reading of what is shown has no IO and no processes, and opens no file for them', () => {
  const full = read('half-a-cpu-throttled')
  for (const file of ['io.stat', 'cgroup.procs']) rmSync(join(root, path, file))
  const shown = cgroup.read(full, 'shown')!
  const { takenAtMs, monotonicUs } = shown
  expect(shown).toEqual({ ...full, takenAtMs, monotonicUs, pids: { ...full.pids, processes: null }, io: null })
})

test('reading of the core has what is kept and judged, and opens no other file', () => {
  const full = read('half-a-cpu-throttled')
  for (const file of ['io.stat', 'pids.events', 'pids.peak', 'memory.swap.current']) {
    write(root, `${path}/${file}`, 'never read\n')
  }
  const core = cgroup.read(full, 'core')!
  expect(core).toEqual({
    ...full,
    takenAtMs: core.takenAtMs,
    monotonicUs: core.monotonicUs,
    memory: { ...full.memory, swapCurrentBytes: null },
    pids: { ...full.pids, peak: null, limitHits: null, processes: null },
    io: null
  })
  expect(cgroup.faults()).toEqual([])
  cgroup.read()
  expect(cgroup.faults().map(faultText)).toEqual(expect.arrayContaining([expect.stringContaining('got "never read"')]))
})

test('reading of the root of a host leaves its memory.stat alone', () => {
  write(root, 'memory.stat', 'anon lots\n')
  const host = new CgroupV2(root, '/')
  expect(host.read()?.memory.anonBytes).toBeNull()
  host.close()
})

test('reading of processes counts those of cgroups below', () => {
  place(root, path, 'v2/quarter-cpu-calm')
  write(root, `${path}/container/cgroup.procs`, '7\n8\n')
  write(root, `${path}/container/inner/cgroup.procs`, '9\n')
  expect(cgroup.read()?.pids.processes).toBe(4)
})

test.each([
  ['with tasks', { 'pids.current': '3\n' }, true],
  ['without any task', { 'pids.current': '0\n' }, false],
  ['without the pids controller, populated', { 'cgroup.events': 'populated 1\nfrozen 0\n' }, true],
  ['without the pids controller, not populated', { 'cgroup.events': 'populated 0\nfrozen 0\n' }, false],
  ['without either', { 'cgroup.procs': '' }, null],
  ['whose tasks cannot be counted', { 'pids.current': 'x\n', 'cgroup.events': 'populated 0\n' }, false]
])('populated of a cgroup %s is as the kernel says', (_case, files, populated) => {
  for (const [name, text] of Object.entries(files)) write(root, `${path}/${name}`, text)
  expect(cgroup.read(null, 'core')?.populated).toBe(populated)
})

test('populated of a cgroup with the pids controller needs no other file', () => {
  write(root, `${path}/pids.current`, '0\n')
  write(root, `${path}/cgroup.events`, 'populated never read\n')
  cgroup.read()
  expect(cgroup.faults()).toEqual([])
})

test('reading of a cgroup that never was is null', () => {
  expect(cgroup.read()).toBeNull()
  expect(cgroup.effectiveLimits()).toBeNull()
})

test('reading of a cgroup that went is null', () => {
  read('no-limits')
  rmSync(join(root, path), { recursive: true })
  expect(cgroup.read()).toBeNull()
})

test('reading of a container restarted under the same path has a new inode and the new counters', () => {
  const before = read('half-a-cpu-throttled')
  place(root, '/new', 'v2/no-limits')
  rmSync(join(root, path), { recursive: true })
  renameSync(join(root, 'new'), join(root, path))
  const after = cgroup.read()!
  expect(after.inode).not.toBe(before.inode)
  expect([before.cpu.usageUs, after.cpu.usageUs]).toEqual([27385997, 6187922])
})

test('reading after an earlier one takes over what it said of limits', () => {
  const earlier = read('half-a-cpu-throttled')
  write(root, `${path}/cpu.weight`, '50\n')
  expect(cgroup.read(earlier)?.limits).toBe(earlier.limits)
  expect(cgroup.read()?.limits.cpuWeight).toBe(50)
})

test.each([
  ['quota', 'cpu.max', '25000 100000\n', { cpuMax: { quotaUs: 25000, periodUs: 100000 } }],
  ['period', 'cpu.max', '50000 200000\n', { cpuMax: { quotaUs: 50000, periodUs: 200000 } }],
  ['memory limit', 'memory.max', '4096\n', { memoryMaxBytes: 4096 }],
  ['pids limit', 'pids.max', '5\n', { pidsMax: 5 }]
])('reading after an earlier one has a new %s, and all other limits anew', (_case, file, text, limit) => {
  const earlier = read('half-a-cpu-throttled')
  write(root, `${path}/${file}`, text)
  write(root, `${path}/cpu.weight`, '50\n')
  expect(cgroup.read(earlier)?.limits).toEqual({ ...earlier.limits, ...limit, cpuWeight: 50 })
})

test('reading after one of an earlier life takes over nothing', () => {
  const earlier = read('half-a-cpu-throttled')
  expect(cgroup.read({ ...earlier, inode: earlier.inode + 1 })?.limits).not.toBe(earlier.limits)
})

test('effectiveLimits with own limits that were just read has these', () => {
  const { limits } = read('half-a-cpu-throttled')
  write(root, `${path}/cpu.max`, '25000 100000\n')
  expect(cgroup.effectiveLimits(limits)?.cpuCores).toEqual({ cores: 0.5, from: 'own' })
})

test('effectiveLimits of a container whose slice allows less names the ancestor', () => {
  place(root, path, 'v2/half-a-cpu-throttled')
  write(root, 'system.slice/memory.max', '33554432\n')
  write(root, 'system.slice/cpu.max', 'max 100000\n')
  expect(cgroup.effectiveLimits()).toEqual({
    cpuCores: { cores: 0.5, from: 'own' },
    memory: { bytes: 33554432, from: 'ancestor' },
    swap: { bytes: 0, from: 'own' },
    pids: { max: 64, from: 'own' }
  })
})

test('effectiveLimits of a container without limits are the host\'s', () => {
  place(root, path, 'v2/no-limits')
  write(root, `${path}/pids.max`, 'max\n')
  expect(cgroup.effectiveLimits()).toMatchObject({
    memory: { bytes: 6 * 1024 ** 3, from: 'host' },
    swap: { bytes: 0, from: 'host' },
    pids: { max: 47386, from: 'host' }
  })
})

test('effectiveLimits of a limit changed by docker update are the new ones', () => {
  place(root, path, 'v2/half-a-cpu-throttled')
  cgroup.effectiveLimits()
  write(root, `${path}/cpu.max`, '25000 100000\n')
  expect(cgroup.effectiveLimits()?.cpuCores).toEqual({ cores: 0.25, from: 'own' })
})
