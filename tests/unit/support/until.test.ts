import { expect, test } from '@jest/globals'
import { until } from '#support/until.ts'

test('until of a condition that comes true on the third look returns what it gave', async () => {
  let looks = 0
  expect(await until(() => ++looks === 3 && 'ready', { what: 'the third look' })).toBe('ready')
})

test('until of a condition that keeps throwing names what it waited for and the last error', async () => {
  const never = until(() => { throw new Error('refused') }, { what: 'the store', timeoutMs: 50 })
  await expect(never).rejects.toThrow('waited 50 ms for the store; last error: refused')
})

test('until of a condition that never answers does not wait for it', async () => {
  const never = until(() => new Promise(() => {}), { what: 'an answer', timeoutMs: 50 })
  await expect(never).rejects.toThrow('waited 50 ms for an answer; it never answered')
})
