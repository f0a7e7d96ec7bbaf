import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { Cgroup } from '#cgroup/cgroup.ts'
import { cgroupAt } from '#cgroup/locate.ts'
import type { Reading } from '#cgroup/reading.ts'
import { CgroupV1 } from '#cgroup/v1.ts'
import { faultText, makeTree, place, procOfHost, removeTrees, write } from '#support/cgroup-tree.ts'

let opened: Cgroup[] = []

afterEach(() => {
  for (const cgroup of opened) cgroup.close()
  opened = []
  removeTrees()
})

/** A v1 case is the tree of a host with one container in it. */
function open (name: string) {
  const root = makeTree({})
  place(root, '/', `v1/${name}`)
  const id = readdirSync(join(root, 'memory/docker')).find(entry => entry.length === 64)!
  const path = `/docker/${id}`
  const cgroup = cgroupAt(root, path, makeTree(procOfHost))
  opened.push(cgroup)
  return { root, path, cgroup }
}

test('reading of a throttled container has its limits', () => {
  expect(open('half-a-cpu-throttled').cgroup.read()?.limits).toEqual({
    cpuMax: { quotaUs: 50000, periodUs: 100000 },
    cpuWeight: null,
    cpuShares: 1024,
    cpusetCpus: 2,
    memoryMaxBytes: 67108864,
    memoryHighBytes: null,
    memoryLowBytes: 'max',
    swapMaxBytes: 0,
    rawSwapMaxBytes: 67108864,
    pidsMax: 64
  })
})

test('reading of a throttled container has CPU times in microseconds', () => {
  expect(open('half-a-cpu-throttled').cgroup.read()?.cpu).toEqual({
    usageUs: 22584455, // 22584455082 ns
    userUs: 22420000, // 2242 ticks
    systemUs: 160000,
    nrPeriods: 451,
    nrThrottled: 449,
    throttledUs: 66865984,
    nrBursts: 0,
    burstUs: 0
  })
})

test('kills are counted by life, and null once the cgroup is gone', () => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  const { inode } = cgroup.read()!
  write(root, `memory${path}/memory.oom_control`, 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n')
  expect(cgroup.oomKills()).toEqual({ inode, count: 3 })
  for (const controller of readdirSync(root)) rmSync(join(root, controller, path), { recursive: true, force: true })
  expect(cgroup.oomKills()).toBeNull()
})

test('reading of memory takes the totals with cgroups below, and subtracts inactive file pages', () => {
  const { memory } = open('half-a-cpu-throttled').cgroup.read()!
  expect(memory.anonBytes).toBe(561152)
  expect(memory.fileBytes).toBe(9768960)
  expect(memory.inactiveFileBytes).toBe(9457664)
  expect(memory.workingSetBytes).toBe(memory.currentBytes! - 9457664)
  expect(memory.peakBytes).toBe(24694784)
  expect(memory.kernelBytes).toBe(856064)
  expect(memory.slabBytes).toBeNull()
  expect(memory.pgmajfault).toBe(22)
  expect(memory.refaults).toBe(199)
})

test('reading of a container that did direct IO has bytes and operations per device', () => {
  expect(open('half-a-cpu-throttled').cgroup.read()?.io).toEqual([
    { major: 254, minor: 0, readBytes: 172765184, writeBytes: 171966464, readOps: expect.any(Number), writeOps: expect.any(Number), discardBytes: 167772160 }
  ])
})

test('reading after an earlier one takes over what it said of limits, until quota, memory or pids limit change', () => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  const earlier = cgroup.read()!
  write(root, `cpu${path}/cpu.shares`, '512\n')
  expect(cgroup.read(earlier)?.limits).toBe(earlier.limits)
  write(root, `cpu${path}/cpu.cfs_quota_us`, '-1\n')
  expect(cgroup.read(earlier)?.limits).toEqual({
    ...earlier.limits,
    cpuMax: { quotaUs: 'max', periodUs: 100000 },
    cpuShares: 512
  })
})

test('reading on a hybrid host has pressure from the unified hierarchy', () => {
  const reading = open('half-a-cpu-throttled').cgroup.read()!
  expect(reading.version).toBe('hybrid')
  expect(reading.pressure.cpu?.some?.totalUs).toBe(34330549)
  expect(reading.pressure.io).not.toBeNull()
})

test('reading without a unified hierarchy has no pressure', () => {
  const { root, path } = open('half-a-cpu-throttled')
  rmSync(join(root, 'unified'), { recursive: true })
  const cgroup = cgroupAt(root, path)
  opened.push(cgroup)
  const reading = cgroup.read()!
  expect(reading.version).toBe('v1')
  expect(reading.pressure).toEqual({ cpu: null, memory: null, io: null })
})

test('reading after an OOM kill has the kill; failcnt is another matter', () => {
  expect(open('after-oom-kill').cgroup.read()?.memory.events).toEqual({
    low: null,
    high: null,
    max: 0,
    oom: null,
    oomKill: 1,
    oomGroupKill: null
  })
})

test('reading of a container without limits says max, not a number', () => {
  const { limits, io } = open('no-limits').cgroup.read()!
  expect(limits.cpuMax).toEqual({ quotaUs: 'max', periodUs: 100000 })
  expect([limits.memoryMaxBytes, limits.swapMaxBytes, limits.rawSwapMaxBytes, limits.pidsMax]).toEqual([
    'max',
    'max',
    'max',
    'max'
  ])
  expect(io).toEqual([])
})

test('reading of a container with swap has the swap alone and the raw number', () => {
  const { limits } = open('swap-and-one-cpu').cgroup.read()!
  expect([limits.memoryMaxBytes, limits.rawSwapMaxBytes, limits.swapMaxBytes]).toEqual([67108864, 134217728, 67108864])
  expect([limits.memoryLowBytes, limits.cpuShares, limits.cpusetCpus]).toEqual([33554432, 512, 1])
})

test('reading without swap accounting has null for the swap limit', () => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  rmSync(join(root, 'memory', path, 'memory.memsw.limit_in_bytes'))
  expect(cgroup.read()?.limits.swapMaxBytes).toBeNull()
})

test('reading on an old kernel takes cpuset.cpus and the tables without _recursive', () => {
  const { root, path, cgroup } = open('swap-and-one-cpu')
  rmSync(join(root, 'cpuset', path, 'cpuset.effective_cpus'))
  rmSync(join(root, 'blkio', path, 'blkio.throttle.io_service_bytes_recursive'))
  const reading = cgroup.read()!
  expect(reading.limits.cpusetCpus).toBe(1)
  expect(reading.io).toEqual([])
})

test('reading where controllers are not mounted has null for theirs', () => {
  const { root, path } = open('half-a-cpu-throttled')
  for (const controller of ['cpu', 'pids', 'blkio', 'cpuset']) rmSync(join(root, controller), { recursive: true })
  const cgroup = cgroupAt(root, path)
  opened.push(cgroup)
  const reading = cgroup.read()!
  expect(reading.limits).toMatchObject({ cpuMax: null, cpuShares: null, cpusetCpus: null, pidsMax: null })
  expect(reading.pids).toEqual({ current: null, peak: null, limitHits: null, processes: 4 })
  expect([reading.io, reading.cpu.nrPeriods, reading.cpu.usageUs]).toEqual([null, null, 22584455])
})

test('reading from another pid namespace, which v1 shows no processes, has null for their number', () => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  write(root, `memory${path}/cgroup.procs`, '')
  expect(cgroup.read()?.pids).toEqual({ current: 4, peak: 5, limitHits: 0, processes: null })
})

test('reading of what is shown has no IO, no processes and no user and system time', () => {
  const { cgroup } = open('half-a-cpu-throttled')
  const full = cgroup.read()!
  const shown = cgroup.read(full, 'shown')!
  expect(shown).toEqual({
    ...full,
    takenAtMs: shown.takenAtMs,
    monotonicUs: shown.monotonicUs,
    cpu: { ...full.cpu, userUs: null, systemUs: null },
    pids: { ...full.pids, processes: null },
    io: null
  })
})

test('reading of the core has what is kept and judged, and opens no other file', () => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  const full = cgroup.read()!
  for (const file of ['cpuacct/cpuacct.stat', 'memory/memory.kmem.usage_in_bytes', 'pids/pids.peak', 'blkio/blkio.throttle.io_serviced_recursive']) {
    const [controller, name] = file.split('/')
    write(root, `${controller}${path}/${name}`, 'user never read\n')
  }
  const core = cgroup.read(full, 'core')!
  expect(core).toEqual({
    ...full,
    takenAtMs: core.takenAtMs,
    monotonicUs: core.monotonicUs,
    cpu: { ...full.cpu, userUs: null, systemUs: null },
    memory: { ...full.memory, kernelBytes: null },
    pids: { ...full.pids, peak: null, limitHits: null, processes: null },
    io: null
  })
  expect(cgroup.faults()).toEqual([])
  cgroup.read()
  expect(cgroup.faults().map(faultText)).toEqual(expect.arrayContaining([expect.stringContaining('never read"')]))
})

test('reading with a malformed quota has all but the quota, and reports file and text', () => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  const { limits } = cgroup.read()!
  write(root, `cpu${path}/cpu.cfs_quota_us`, 'half\n')
  expect(cgroup.read()).toMatchObject({ limits: { ...limits, cpuMax: null }, cpu: { nrThrottled: 449 } })
  expect(cgroup.faults().map(faultText)).toEqual([`${root}/cpu${path}/cpu.cfs_quota_us null: expected a whole number, got "half"`])
})

test('reading with a malformed memory limit does not take memory and swap together for swap alone', () => {
  const { root, path, cgroup } = open('swap-and-one-cpu')
  write(root, `memory${path}/memory.limit_in_bytes`, 'half\n')
  expect(cgroup.read()?.limits).toMatchObject({ memoryMaxBytes: null, rawSwapMaxBytes: 134217728, swapMaxBytes: null })
})

test.each([
  ['cpuset.effective_cpus', 'cpuset', (reading: Reading) => reading.limits.cpusetCpus],
  ['blkio.throttle.io_service_bytes_recursive', 'blkio', (reading: Reading) => reading.io![0]?.readBytes]
])('reading with a malformed %s does not take the older file for it, which says something else', (name, controller, value) => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  write(root, `${controller}${path}/${name}`, '254:0 Read x\n')
  expect(value(cgroup.read()!)).toBeNull()
})

test('reading of the root of a host leaves its memory.stat alone', () => {
  const { root } = open('no-limits')
  write(root, 'memory/memory.stat', 'total_rss lots\n')
  const host = cgroupAt(root, '/')
  opened.push(host)
  expect(host.read()?.memory.anonBytes).toBeNull()
})

test('populated of a cgroup without tasks is false, and null where only cgroup.procs could say: it is empty in another pid namespace', () => {
  const { root, path, cgroup } = open('half-a-cpu-throttled')
  expect(cgroup.read()?.populated).toBe(true)
  write(root, `pids${path}/pids.current`, '0\n')
  expect(cgroup.read()?.populated).toBe(false)
  rmSync(join(root, 'pids', path, 'pids.current'))
  const without = cgroupAt(root, path)
  opened.push(without)
  expect(without.read()?.populated).toBeNull()
})

test('reading of a cgroup that went is null', () => {
  const { root, path, cgroup } = open('no-limits')
  expect(cgroup.read()).not.toBeNull()
  for (const controller of readdirSync(root)) rmSync(join(root, controller, path), { recursive: true })
  expect(cgroup.read()).toBeNull()
})

test('effectiveLimits of a container are its own, with swap counted alone', () => {
  expect(open('swap-and-one-cpu').cgroup.effectiveLimits()).toEqual({
    cpuCores: { cores: 0.25, from: 'own' },
    memory: { bytes: 67108864, from: 'own' },
    swap: { bytes: 0, from: 'host' },
    pids: { max: 100, from: 'own' }
  })
})

test('effectiveLimits under an ancestor that a mount hides come from hierarchical_memory_limit', () => {
  const { root, path, cgroup } = open('no-limits')
  write(root, `memory${path}/memory.stat`, 'cache 0\nhierarchical_memory_limit 1048576\nhierarchical_memsw_limit 9223372036854775807\n')
  expect(cgroup.effectiveLimits()?.memory).toEqual({ bytes: 1048576, from: 'ancestor' })
})

test('effectiveLimits under an ancestor with a quota name the ancestor', () => {
  const { root, cgroup } = open('no-limits')
  write(root, 'cpu/docker/cpu.cfs_quota_us', '25000\n')
  expect(cgroup.effectiveLimits()?.cpuCores).toEqual({ cores: 0.25, from: 'ancestor' })
})

test('a cgroup without any controller is refused', () => {
  expect(() => new CgroupV1({})).toThrow('no cgroup v1 controller is mounted')
})
