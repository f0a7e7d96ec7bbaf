import { expect, test } from '@jest/globals'
import { putAwayAll, putAwayLater } from '#support/stores/put-away.ts'

test('what was started is put away newest first, also past a step that fails', async () => {
  const order: string[] = []
  putAwayLater(() => { order.push('first') })
  putAwayLater(() => { throw new Error('stuck') })
  putAwayLater(async () => { order.push('last') })
  await expect(putAwayAll()).rejects.toThrow('stuck')
  expect(order).toEqual(['last', 'first'])
  await putAwayAll()      // nothing is left to put away
})
