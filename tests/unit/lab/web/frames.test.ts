import { expect, test } from '@jest/globals'
import { Frames } from '#lab/web/frames.ts'

/** Frames that come when `next` is called, each with time for one task unless there is more. */
function setUp (budgetMs = 0) {
  const asked: Array<() => void> = []
  const done: string[] = []
  const frames = new Frames<string>(run => { asked.push(run) }, budgetMs)
  const does = (key: string, what = key) => [key, () => { done.push(what) }] as const
  return { frames, does, done, asked, next: () => asked.shift()!() }
}
const failing = ['a', () => { throw new Error('a') }] as const

test('each frame does one task, in the order in which they came, and the first is done at once', () => {
  const { frames, does, done, asked, next } = setUp()
  frames.begin([does('a'), does('b'), does('c')], true)
  expect([done, asked.length]).toEqual([['a'], 1])
  next()
  expect(done).toEqual(['a', 'b'])
  next()
  expect([done, asked.length]).toEqual([['a', 'b', 'c'], 0])
})

test('a task that comes again before its turn keeps its place and is done once, as it was asked last', () => {
  const { frames, does, done, asked, next } = setUp()
  frames.begin([does('first'), does('a', 'a, old'), does('b')], true)
  frames.begin([does('c'), does('a', 'a, new')], true)
  next()
  next()
  expect([done, asked.length]).toEqual([['first', 'a, new', 'b', 'c'], 0])
})

test('a frame that has time left does the next task as well', () => {
  const { frames, does, done, asked } = setUp(Infinity)
  frames.begin([does('a'), does('b'), does('c')], true)
  expect([done, asked.length]).toEqual([['a', 'b', 'c'], 0])
})

test('tasks that come in a steady pace take turns, each with what was asked last', () => {
  const { frames, does, done, asked } = setUp()
  for (const sample of [1, 2, 3]) frames.begin([does('a', `a ${sample}`), does('b', `b ${sample}`)], false)
  expect([done, asked.length]).toEqual([['a 1', 'b 2', 'a 3'], 0])
})

test('a task that fails does not take the turns of the others', () => {
  const { frames, does, done, next } = setUp(Infinity)
  expect(() => { frames.begin([failing, does('b'), does('c')], true) }).toThrow('a')
  next()
  expect(done).toEqual(['b', 'c'])
})

test('no frame is asked for where there is nothing to do', () => {
  const { frames, asked } = setUp()
  frames.begin([], true)
  expect(asked).toHaveLength(0)
})
