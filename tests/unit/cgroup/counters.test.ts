import { expect, test } from '@jest/globals'
import { over, rise, riseInLife, riseOverLives, risesOverLives, shareOf, type Total } from '#cgroup/counters.ts'

/** `'7:0 7:1 8:1'`: life and value of each reading; `-` is a missing one. */
function totals (text: string): Array<Total | null> {
  return text.split(' ').map(word => {
    const [life, value] = word.split(':').map(Number)
    return word === '-' ? null : { life: life!, value: value! }
  })
}

test.each([
  ['the first reading is where it begins', '7:5', [0]],
  ['what is counted adds up', '7:5 7:5 7:7', [0, 0, 2]],
  ['a new life counts from 0, though its total is no lower', '7:0 7:1 8:1 8:1', [0, 1, 2, 2]],
  ['a new life counts from 0, though its total is higher', '7:1 8:3', [0, 3]],
  ['a new life counts from 0, also when its total is lower', '7:5 8:2', [0, 2]],
  ['a missing reading stays missing, and what rose meanwhile comes after it', '- 7:3 - 7:6', [null, 0, null, 3]],
  ['a restart may hide behind a missing reading', '7:3 - 8:1', [0, null, 1]],
  ['a fall within one life is no rise', '7:5 7:2 7:3', [0, 0, 1]]
])('%s', (_case, text, rises) => {
  expect(risesOverLives(totals(text))).toEqual(rises)
})

test.each([['no reading', []], ['one reading', [{ life: 7, value: 3 }]]])('%s makes no rise', (_case, given) => {
  expect(riseOverLives(given)).toBeNull()
})

test('the rise over all lives is what it came to at the last reading', () => {
  expect(riseOverLives([{ life: 7, value: 0 }, { life: 7, value: 1 }, { life: 8, value: 1 }])).toBe(2)
})

test('within one life a rise is the difference; across a restart it is not known', () => {
  expect(riseInLife({ life: 7, value: 1 }, { life: 7, value: 4 })).toBe(3)
  expect(riseInLife({ life: 7, value: 1 }, { life: 8, value: 4 })).toBeNull()
})

test.each([
  [1, 4, 3],
  [4, 4, 0],
  [4, 1, null],
  [null, 1, null],
  [1, undefined, null]
])('from %p to %p the rise is %p', (before, after, expected) => {
  expect(rise(before, after)).toBe(expected)
})

test('a rate and a share need both of their sides', () => {
  expect([over(6, 2), over(null, 2), over(6, null)]).toEqual([3, null, null])
  expect([shareOf(1, 4), shareOf(0, 4), shareOf(null, 4), shareOf(1, null)]).toEqual([0.25, 0, null, null])
})

test('a share of 0 is null', () => {
  expect([shareOf(0, 0), shareOf(null, 0)]).toEqual([null, null])
})
