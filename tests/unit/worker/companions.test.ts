import { expect, test } from '@jest/globals'
import type { Job as QueueEntry } from 'bullmq'
import { Companions, type TakeNext } from '#worker/companions.ts'

/** A queue with entries of these kinds, in this order. An entry that is put back is the first again. */
function queueOf (...kinds: string[]) {
  const waiting: QueueEntry[] = []
  const tokens: string[] = []
  const entryOf = (name: string): QueueEntry => {
    const entry = { name, moveToWait: async () => { waiting.unshift(entry) } } as unknown as QueueEntry
    return entry
  }
  waiting.push(...kinds.map(entryOf))
  return {
    kinds: () => waiting.map(({ name }) => name),
    tokens,
    takeNext: async (token: string) => { tokens.push(token); return waiting.shift() }
  }
}

const noops = (count: number): string[] => Array.from({ length: count }, () => 'noop')

async function taken (companions: Companions, queue: ReturnType<typeof queueOf>): Promise<number> {
  return (await companions.take(queue.takeNext)).length
}

test('companions are twice as many each time while noops follow each other, and at most 16', async () => {
  const [companions, queue] = [new Companions(), queueOf(...noops(100))]
  const counts: number[] = []
  for (let i = 0; i < 6; i++) counts.push(await taken(companions, queue))
  expect(counts).toEqual([1, 2, 4, 8, 16, 16])
  expect(new Set(queue.tokens).size).toBe(47)
})

test('companions of a noop that is followed by another kind end there: what was taken beyond is put back in its order', async () => {
  const [companions, queue] = [new Companions(), queueOf(...noops(4), 'cpu', 'noop', 'sleep')]
  expect([await taken(companions, queue), await taken(companions, queue)]).toEqual([1, 2])
  expect(await taken(companions, queue)).toBe(1)
  expect(queue.kinds()).toEqual(['cpu', 'noop', 'sleep'])
})

test('companions after another kind begin with one again', async () => {
  const [companions, queue] = [new Companions(), queueOf(...noops(3), 'cpu')]
  for (let i = 0; i < 3; i++) await taken(companions, queue)
  const later = queueOf(...noops(10))
  expect(await taken(companions, later)).toBe(1)
})

test('companions are asked for by how many were there the last time, so that an empty queue is hardly asked', async () => {
  const companions = new Companions()
  const full = queueOf(...noops(15))
  for (let i = 0; i < 4; i++) await taken(companions, full)
  const [two, none] = [queueOf('noop', 'noop'), queueOf()]
  expect([await taken(companions, two), two.tokens.length]).toEqual([2, 16])
  expect([await taken(companions, none), none.tokens.length]).toEqual([0, 4])
  expect([await taken(companions, none), none.tokens.length]).toEqual([0, 5])
})

test('companions of the last noop are none', async () => {
  expect(await taken(new Companions(), queueOf())).toBe(0)
})

test('companions that cannot be taken are left in the queue, and the others are taken', async () => {
  const [companions, queue] = [new Companions(), queueOf(...noops(3))]
  await taken(companions, queue)
  let asks = 0
  const failing: TakeNext = async token => {
    if (++asks === 1) throw new Error('away')
    return queue.takeNext(token)
  }
  expect(await companions.take(failing)).toHaveLength(1)
})
