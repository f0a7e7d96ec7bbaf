import { existsSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { listContainers } from '#cgroup/containers.ts'
import { ownCgroup } from '#cgroup/locate.ts'
import { rates } from '#cgroup/rates.ts'

const mounted = ['cgroup.controllers', 'memory', 'cpu'].some(name => existsSync(`/sys/fs/cgroup/${name}`))
// In CI there is always one; a skip there would hide that it cannot be found.
const onLinux = mounted || process.env.CI ? test : test.skip

onLinux('own cgroup of the test run (skipped where none is mounted, as on macOS) obeys the kernel\'s rules', () => {
  const cgroup = ownCgroup()
  const first = cgroup.read()!
  const second = cgroup.read()!
  expect(second.inode).toBe(first.inode)
  expect(second.monotonicUs).toBeGreaterThan(first.monotonicUs)
  expect(second.cpu.usageUs ?? 0).toBeGreaterThanOrEqual(first.cpu.usageUs ?? 0)
  for (const { memory, cpu } of [first, second]) {
    expect(memory.workingSetBytes ?? 0).toBeLessThanOrEqual(memory.currentBytes ?? 0)
    expect(cpu.nrThrottled ?? 0).toBeLessThanOrEqual(cpu.nrPeriods ?? 0)
  }
  expect(rates(first, second)?.seconds).toBeGreaterThan(0)
  expect(cgroup.effectiveLimits()?.cpuCores?.cores).toBeGreaterThan(0)
  cgroup.close()
})

onLinux('containers of this machine (skipped where no cgroup is mounted) have ids of 64 hex digits', () => {
  for (const { id, path } of listContainers('/sys/fs/cgroup')) {
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(path).toContain(id)
  }
})
