import { expect, test } from '@jest/globals'
import type { Job as QueueEntry } from 'bullmq'
import { Companions } from '#worker/companions.ts'

/** A queue with entries of these kinds, in this order. An entry that is put back is the first again. */
class FakeQueue {
  readonly #waiting: QueueEntry[]
  readonly tokens: string[] = []
  readonly completed: QueueEntry[] = []
  isAway = false

  constructor (...kinds: string[]) { this.#waiting = kinds.map(name => ({ name }) as QueueEntry) }

  get kinds (): string[] { return this.#waiting.map(({ name }) => name) }

  async take (token: string): Promise<QueueEntry | undefined> {
    this.tokens.push(token)
    return this.isAway ? undefined : this.#waiting.shift()
  }

  async completeAndTake (entry: QueueEntry): Promise<QueueEntry | undefined> {
    await this.complete(entry)
    return this.#waiting.shift()
  }

  async complete (entry: QueueEntry): Promise<void> { this.completed.push(entry) }

  async putBack (entry: QueueEntry): Promise<void> { this.#waiting.unshift(entry) }
}

const noops = (count: number): string[] => Array.from({ length: count }, () => 'noop')
const running = new AbortController().signal

/** How many companions were attempted together, one time after the other. */
async function attempted (companions: Companions, signal = running, isDone = true): Promise<number[]> {
  const batches: number[] = []
  let count = 0
  const attempt = async (): Promise<boolean> => {
    if (++count === 1) queueMicrotask(() => { batches.push(count); count = 0 })
    return isDone
  }
  await companions.attemptWith(async () => {}, attempt, signal)
  return batches
}

async function asksOf (companions: Companions, queue: FakeQueue): Promise<number> {
  const before = queue.tokens.length
  await attempted(companions)
  return queue.tokens.length - before
}

test('companions are twice as many each time while noops follow each other, and at most 16', async () => {
  const queue = new FakeQueue(...noops(50))
  expect(await attempted(new Companions(queue))).toEqual([1, 2, 4, 8, 16, 16, 3])
  expect(queue.completed).toHaveLength(50)
})

test('companions come with the completions of those before, so that the queue is asked only for more of them', async () => {
  const queue = new FakeQueue(...noops(50))
  await attempted(new Companions(queue))
  expect(new Set(queue.tokens).size).toBe(16)
})

test('companions followed by another kind end there: what was taken beyond is put back in its order', async () => {
  const queue = new FakeQueue(...noops(4), 'cpu', 'noop', 'sleep')
  const companions = new Companions(queue)
  expect(await attempted(companions)).toEqual([1, 2, 1])
  expect(queue.kinds).toEqual(['cpu', 'noop', 'sleep'])
  expect(queue.completed).toHaveLength(4)
})

test('companions after another kind begin with one again', async () => {
  const queue = new FakeQueue(...noops(3), 'cpu')
  const companions = new Companions(queue)
  await attempted(companions)
  expect(await attempted(companions)).toEqual([])
  expect(queue.kinds).toEqual(['cpu'])
  expect(await asksOf(companions, queue)).toBe(1)
})

test('companions are asked for by how many were there the last time, so that an empty queue is hardly asked', async () => {
  const queue = new FakeQueue(...noops(15))
  const companions = new Companions(queue)
  await attempted(companions)
  expect([await asksOf(companions, queue), await asksOf(companions, queue)]).toEqual([1, 1])
})

test('companions are led by one noop at a time, and another one meanwhile goes alone', async () => {
  const queue = new FakeQueue(...noops(3))
  const companions = new Companions(queue)
  let asksMeanwhile = NaN
  const attemptFirst = async (): Promise<void> => { asksMeanwhile = await asksOf(companions, queue) }
  await companions.attemptWith(attemptFirst, async () => true, running)
  expect(asksMeanwhile).toBe(0)
  expect(queue.completed).toHaveLength(3)
  expect(await asksOf(companions, queue)).toBeGreaterThan(0)
})

test('companions of a noop that fails are completed, and the failure is told', async () => {
  const queue = new FakeQueue(...noops(3))
  const companions = new Companions(queue)
  const failing = companions.attemptWith(async () => { throw new Error('failed') }, async () => true, running)
  await expect(failing).rejects.toThrow('failed')
  expect(queue.completed).toHaveLength(3)
})

test('companions of a worker that stops are completed, and none is taken after them', async () => {
  const queue = new FakeQueue(...noops(5))
  expect(await attempted(new Companions(queue), AbortSignal.abort())).toEqual([1])
  expect([queue.completed.length, queue.kinds.length]).toEqual([1, 4])
})

test('companions that were not attempted are not completed', async () => {
  const queue = new FakeQueue(...noops(5))
  expect(await attempted(new Companions(queue), running, false)).toEqual([1])
  expect([queue.completed.length, queue.kinds.length]).toEqual([0, 4])
})

test('companions of the last noop are none', async () => {
  expect(await attempted(new Companions(new FakeQueue()))).toEqual([])
})

test('companions that cannot be taken are left in the queue', async () => {
  const queue = new FakeQueue(...noops(3))
  queue.isAway = true
  expect(await attempted(new Companions(queue))).toEqual([])
  expect(queue.kinds).toHaveLength(3)
})
