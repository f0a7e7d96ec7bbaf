import { expect, test } from '@jest/globals'
import { RingBuffer } from '#lab/web/state/ring-buffer.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

test('values are kept in their order, and what was not measured stays null', () => {
  const buffer = RingBuffer.of([3, null, 0.5])
  expect(buffer.slice()).toEqual([3, null, 0.5])
  expect(buffer).toHaveLength(3)
})

test('a negative index counts from the end, and where there is nothing, there is null', () => {
  const buffer = RingBuffer.of([1, 2])
  expect([buffer.at(0), buffer.at(-1), buffer.at(2), buffer.at(-3)]).toEqual([1, 2, null, null])
})

test('a part of it can be taken', () => {
  expect(RingBuffer.of(upTo(5)).slice(1, 3)).toEqual([1, 2])
  expect(RingBuffer.of(upTo(5)).slice(3)).toEqual([3, 4])
  expect(RingBuffer.of(upTo(5)).slice(7)).toEqual([])
})

test('what is dropped is the oldest, however often', () => {
  const buffer = RingBuffer.of(upTo(900))
  for (let i = 900; i < 5000; i++) {
    buffer.drop(1)
    buffer.push(i)
  }
  expect(buffer.slice()).toEqual(upTo(5000).slice(-900))
})

test('it grows where more comes than is dropped, also when its end lies before its beginning', () => {
  const buffer = RingBuffer.of(upTo(1000))
  buffer.drop(600)
  for (let i = 1000; i < 5000; i++) buffer.push(i)
  expect(buffer.slice()).toEqual(upTo(5000).slice(600))
})

test('it has a number unless nothing in it was measured', () => {
  const buffer = RingBuffer.of([5, null])
  expect(buffer.hasNumber()).toBe(true)
  buffer.drop(1)
  expect(buffer.hasNumber()).toBe(false)
})
