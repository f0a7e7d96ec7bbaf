import { expect, test } from '@jest/globals'
import { averagePeriod } from '#scripts/pictures/cfs-period.ts'
import { memoryParts } from '#scripts/pictures/memory-parts.ts'
import { recorded } from '#scripts/pictures/recorded.ts'

test('the average period of a job of two threads at half a CPU has used its quota, and every period was throttled', () => {
  const { container } = recorded('cpu-limit.v1', 'worker')
  const { quotaMs, periodMs, usedMs, throttledMs, periods, throttledPeriods } = averagePeriod(container, 9, 32)
  expect([quotaMs, periodMs, periods, throttledPeriods]).toEqual([50, 100, 57, 57])
  expect(usedMs / quotaMs).toBeCloseTo(1, 1)
  expect(usedMs / 2 + throttledMs).toBeLessThan(periodMs)
})

test('the parts of a container’s memory add up to its usage, and what is in a tmpfs is not counted twice', () => {
  const { container } = recorded('tmpfs-counts.v1', 'worker')
  const full = container.series.memoryBytes.indexOf(Math.max(...container.series.memoryBytes.map(Number)))
  const { anon, shmem, file, rest } = memoryParts(container, full)
  expect(anon + shmem + file + rest).toBe(container.series.memoryBytes[full])
  expect(shmem).toBe(96 * 2 ** 20)
  expect(file).toBeLessThan(100 * 2 ** 20)
})

test('a value that was not measured is not drawn', () => {
  const { container } = recorded('tmpfs-counts.v1', 'worker')
  container.series.shmemBytes[3] = null
  expect(() => memoryParts(container, 3)).toThrow('shmemBytes of worker was not measured at sample 3')
})

test('a run without the service is refused by name', () => {
  expect(() => recorded('tmpfs-counts.v1', 'proxy')).toThrow('tmpfs-counts.v1 has no recording of proxy')
})
