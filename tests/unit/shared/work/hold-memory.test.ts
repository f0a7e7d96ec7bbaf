import { expect, test } from '@jest/globals'
import { holdMemory } from '#shared/work/hold-memory.ts'

test('holding memory takes it outside the heap while it is held', async () => {
  const before = process.memoryUsage().arrayBuffers
  const held = holdMemory(8, 20)
  const during = process.memoryUsage().arrayBuffers
  await held
  expect((during - before) / 1048576).toBeGreaterThanOrEqual(8)
})

test('holding memory, aborted while it holds, ends at once', async () => {
  const gone = new AbortController()
  const held = holdMemory(1, 60_000, gone.signal)
  gone.abort()
  await expect(held).rejects.toMatchObject({ name: 'AbortError' })
})

test('holding memory, aborted while it takes, takes no more', async () => {
  const gone = new AbortController()
  const before = process.memoryUsage().arrayBuffers
  const held = holdMemory(64, 60_000, gone.signal)
  gone.abort()
  await expect(held).rejects.toMatchObject({ name: 'AbortError' })
  expect((process.memoryUsage().arrayBuffers - before) / 1048576).toBeLessThan(33)
})
