import { expect, test } from '@jest/globals'
import { together } from '#shared/stores/together.ts'

/** A question that is answered when `answer` is called. It answers an input with itself, in capitals. */
function setUp (canAskAlone = true) {
  const asked: string[][] = []
  const waiting: Array<{ resolve: () => void, reject: (err: Error) => void }> = []
  const ask = async (inputs: readonly string[]): Promise<string[]> => {
    asked.push([...inputs])
    await new Promise<void>((resolve, reject) => { waiting.push({ resolve, reject }) })
    return inputs.map(input => input.toUpperCase())
  }
  return {
    asked,
    question: together(ask, () => canAskAlone),
    answer: async () => { waiting.shift()!.resolve(); await settled() },
    fail: async (message: string) => { waiting.shift()!.reject(new Error(message)); await settled() }
  }
}

/** Lets all promises settle that can. */
const settled = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })

test('a single caller is asked for at once', async () => {
  const { question, asked, answer } = setUp()
  const only = question('a')
  await settled()
  expect(asked).toEqual([['a']])
  await answer()
  expect(await only).toBe('A')
})

test('callers that come while an answer is on its way are asked for together, in their order, and each gets its own answer', async () => {
  const { question, asked, answer } = setUp()
  const first = question('a')
  await settled()
  const later = [question('b'), question('c'), question('b')]
  await settled()
  expect(asked).toEqual([['a']])
  await answer()
  expect(asked).toEqual([['a'], ['b', 'c', 'b']])
  await answer()
  expect(await Promise.all([first, ...later])).toEqual(['A', 'B', 'C', 'B'])
})

test('after a question that failed the next one is asked', async () => {
  const { question, asked, answer, fail } = setUp()
  const first = question('a')
  await settled()
  const second = question('b')
  await Promise.all([expect(first).rejects.toThrow('away'), fail('away')])
  expect(asked).toEqual([['a'], ['b']])
  await answer()
  expect(await second).toBe('B')
})

test('callers whose question fails together are asked for one by one, and only the one at fault gets an error', async () => {
  const { question, asked, answer, fail } = setUp()
  const both = Promise.allSettled([question('a'), question('b')])
  await settled()
  await fail('one of them')
  expect(asked).toEqual([['a', 'b'], ['a'], ['b']])
  await fail('a is at fault')
  await answer()
  expect(await both).toEqual([
    { status: 'rejected', reason: new Error('a is at fault') },
    { status: 'fulfilled', value: 'B' }
  ])
})

test('callers whose question failed for a reason that all share get the error', async () => {
  const { question, asked, fail } = setUp(false)
  const both = Promise.allSettled([question('a'), question('b')])
  await settled()
  await fail('away')
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(asked).toEqual([['a', 'b']])
})

test('more than a hundred callers are asked for in several questions', async () => {
  const sizes: number[] = []
  const ask = async (inputs: readonly number[]): Promise<number[]> => { sizes.push(inputs.length); return [...inputs] }
  const question = together(ask, () => true)
  const all = Array.from({ length: 250 }, (_, i) => i)
  expect(await Promise.all(all.map(question))).toEqual(all)
  expect(sizes).toEqual([100, 100, 50])
})
