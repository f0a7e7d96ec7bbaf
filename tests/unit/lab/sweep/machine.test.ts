import { expect, test } from '@jest/globals'
import { machineTimes, usedCpus } from '#lab/sweep/machine.ts'

const before = { cpus: 2, idleMs: 5000, nowMs: 1000 }

test.each([
  ['idle', 16_000, 0], ['half used', 8000, 1], ['full', 0, 2], ['full, with a counter that went back', -10, 2]
])('a machine that is %s', (_case, idleMs, used) => {
  expect(usedCpus(before, { cpus: 2, idleMs: 5000 + idleMs, nowMs: 9000 })).toBe(used)
})

test('nothing is known of no time', () => {
  expect(usedCpus(before, before)).toBeNull()
})

test('this machine has CPUs, and they were idle for some time', () => {
  const { cpus, idleMs } = machineTimes()
  expect([cpus > 0, idleMs > 0]).toEqual([true, true])
})
