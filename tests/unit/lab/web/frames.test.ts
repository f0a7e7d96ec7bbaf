import { expect, test } from '@jest/globals'
import { Frames } from '#lab/web/frames.ts'

/** Frames that come when `next` is called. */
function setUp (budgetMs?: number) {
  const asked: Array<() => void> = []
  return { frames: new Frames<string>(run => { asked.push(run) }, budgetMs), asked, next: () => asked.shift()!() }
}

test('each frame does one task, in the order in which they were asked for', () => {
  const { frames, asked, next } = setUp()
  const done: string[] = []
  for (const key of ['a', 'b', 'c']) frames.ask(key, () => done.push(key))
  expect([done, asked.length]).toEqual([[], 1])
  next()
  expect(done).toEqual(['a'])
  next()
  next()
  expect([done, asked.length]).toEqual([['a', 'b', 'c'], 0])
})

test('a task that is asked for again before its turn keeps its place and is done once, as it was asked last', () => {
  const { frames, asked, next } = setUp()
  const done: string[] = []
  frames.ask('a', () => done.push('a, old'))
  frames.ask('b', () => done.push('b'))
  frames.ask('a', () => done.push('a, new'))
  next()
  next()
  expect([done, asked.length]).toEqual([['a, new', 'b'], 0])
})

test('a task that fails does not take the turns of the others', () => {
  const { frames, next } = setUp()
  const done: string[] = []
  frames.ask('a', () => { throw new Error('a') })
  frames.ask('b', () => done.push('b'))
  expect(next).toThrow('a')
  next()
  expect(done).toEqual(['b'])
})

test('a frame that has time left does the next task as well', () => {
  const { frames, asked, next } = setUp(Infinity)
  const done: string[] = []
  for (const key of ['a', 'b', 'c']) frames.ask(key, () => done.push(key))
  next()
  expect([done, asked.length]).toEqual([['a', 'b', 'c'], 0])
})

test('a task that fails ends its frame, and the others have the next', () => {
  const { frames, next } = setUp(Infinity)
  const done: string[] = []
  frames.ask('a', () => { throw new Error('a') })
  for (const key of ['b', 'c']) frames.ask(key, () => done.push(key))
  expect(next).toThrow('a')
  next()
  expect(done).toEqual(['b', 'c'])
})

test('tasks begin in the frame that is being made, and those that have no time in it have the next', () => {
  const { frames, asked, next } = setUp()
  const done: string[] = []
  frames.begin([['a', () => done.push('a')], ['b', () => done.push('b')]])
  expect([done, asked.length]).toEqual([['a'], 1])
  next()
  expect([done, asked.length]).toEqual([['a', 'b'], 0])
  frames.begin([])
  expect(asked).toHaveLength(0)
})
