import { expect, test } from '@jest/globals'
import { burnCpu } from '#shared/work/burn-cpu.ts'

test('burning an amount costs that amount of CPU time, and at least as much wall time on one thread', () => {
  const before = process.cpuUsage()
  const { cpuMs, wallMs } = burnCpu(60)
  const { user, system } = process.cpuUsage(before)
  const spentMs = (user + system) / 1000
  expect(cpuMs).toBeGreaterThanOrEqual(60)
  expect(spentMs / cpuMs).toBeGreaterThanOrEqual(1)
  // Other threads of this process (the compiler, the collector) count as well, and may already have done the work.
  expect(cpuMs / 60).toBeLessThan(2)
  expect(wallMs).toBeGreaterThan(0)
})

test('burning what was used up already ends at once', () => {
  const before = process.cpuUsage()
  burnCpu(20)
  const { cpuMs, wallMs } = burnCpu(10, before)
  expect(cpuMs).toBeGreaterThanOrEqual(20)
  expect(wallMs).toBeLessThan(20)
})

test('burning nothing costs nothing', () => {
  expect(burnCpu(0).cpuMs).toBe(0)
})
