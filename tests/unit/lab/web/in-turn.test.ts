import { expect, test } from '@jest/globals'
import { inTurn } from '#lab/web/in-turn.ts'

test('items come in turn, and after the last the first again', () => {
  const items = ['a', 'b', 'c', 'd', 'e']
  expect([0, 2, 4, 6].map(start => inTurn(items, start, 2))).toEqual([['a', 'b'], ['c', 'd'], ['e', 'a'], ['b', 'c']])
})

test('each of few items comes once', () => {
  expect(inTurn(['a', 'b'], 8, 5)).toEqual(['a', 'b'])
  expect(inTurn([], 8, 5)).toEqual([])
})
