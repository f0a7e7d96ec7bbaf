import { expect, test } from '@jest/globals'
import { updateOf } from '#limits/engine.ts'
import type { ContainerLimits } from '#shared/limits/change.ts'

const machine = { memoryBytes: 16e9, cpus: 4 }
const now: ContainerLimits = { memoryBytes: 2e8, memoryAndSwapBytes: 2e8, cpus: 0.5, pids: 128 }

test('an update has only what differs, and memory always with swap', () => {
  expect(updateOf({ ...now, cpus: 0.25 }, now, machine)).toEqual({ NanoCpus: 250_000_000 })
  expect(updateOf({ ...now, memoryBytes: 1e8 }, now, machine)).toEqual({ Memory: 1e8, MemorySwap: 2e8 })
  expect(updateOf({ ...now, pids: 5 }, now, machine)).toEqual({ PidsLimit: 5 })
})

test('an update to no limit is the size of the machine, where the engine cannot take a limit away', () => {
  const none: ContainerLimits = { memoryBytes: 'max', memoryAndSwapBytes: 'max', cpus: 'max', pids: 'max' }
  expect(updateOf(none, now, machine)).toEqual({ Memory: 16e9, MemorySwap: -1, NanoCpus: 4e9, PidsLimit: -1 })
})

test('an update of a container that does not run has everything', () => {
  expect(updateOf(now, null, machine)).toEqual({ Memory: 2e8, MemorySwap: 2e8, NanoCpus: 5e8, PidsLimit: 128 })
})
