import { expect, test } from '@jest/globals'
import { RunMemory } from '#lab/experiments/running/run-memory.ts'
import type { Run } from '#lab/wire/experiments.ts'

const run = (id: string, given: object = {}) =>
  ({ id, experiment: 'cpu-limit', state: 'finished', recording: null, facts: null, ...given }) as Run

test('runs are listed newest first, without their readings, and found by their id', async () => {
  const memory = new RunMemory()
  await memory.save(run('a'))
  await memory.save(run('b', { experiment: 'page-cache' }))
  await memory.save(run('a', { state: 'cancelled' }))
  expect((await memory.list({ limit: 10 })).map(({ id }) => id)).toEqual(['b', 'a'])
  expect(await memory.list({ limit: 10, experiment: 'cpu-limit' })).toEqual([
    { id: 'a', experiment: 'cpu-limit', state: 'cancelled' }
  ])
  expect([await memory.find('a'), await memory.find('c')]).toEqual([run('a', { state: 'cancelled' }), null])
})

test('the oldest runs make room', async () => {
  const memory = new RunMemory()
  for (let i = 0; i < 60; i++) await memory.save(run(String(i)))
  const kept = await memory.list({ limit: 100 })
  expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([50, '59', '10'])
})
