import { expect, test } from '@jest/globals'
import { Discovery, type Found } from '#lab/observing/containers/discovery.ts'
import { DnsAway, type ContainerIdentity } from '#lab/observing/containers/look-up.ts'
import { FakeTime, idOf } from '../../support/fakes.ts'

const worker: ContainerIdentity = { service: 'worker', name: 'lab-worker-1', number: 1, project: 'lab' }
const containerOf = (id: string) => ({ id, path: `/docker/${id}` })
const a = idOf('aa')
const b = idOf('bb')

/** `known`: what DNS knows of an id; an error is thrown. */
function setUp (
  known: Record<string, ContainerIdentity | Error | undefined> = {},
  { room = 10, inquiries = 8, strangers = 100, answerMs = 0 } = {}
) {
  const time = new FakeTime()
  const adopted: Found[] = []
  const asked: string[] = []
  const open = { now: 0, most: 0 }
  const discovery = new Discovery({
    identify: async id => {
      asked.push(id)
      time.block(answerMs)
      open.most = Math.max(open.most, ++open.now)
      await null
      open.now--
      const answer = known[id]
      if (answer instanceof Error) throw answer
      return answer ?? null
    },
    isKnown: id => adopted.some(found => found.id === id),
    adopt: found => adopted.length < room && adopted.push(found) > 0,
    nowMs: time.nowMs
  }, { inquiries, strangers })
  const look = async (ids: string[], ms = 0) => {
    time.block(ms)
    discovery.see(ids.map(containerOf))
    await settled()
  }
  return { discovery, adopted, asked, open, known, look }
}

/** Lets promises settle. */
const settled = () => new Promise(resolve => { setImmediate(resolve) })

test('a container that DNS knows is adopted at the first look, and not asked about again', async () => {
  const { adopted, asked, look } = setUp({ [a]: worker })
  await look([a])
  await look([a], 250)
  expect(adopted).toEqual([{ ...containerOf(a), ...worker, isNew: false }])
  expect(asked).toEqual([a])
})

test('a container that comes while the lab looks on is new', async () => {
  const { adopted, look } = setUp({ [a]: worker, [b]: worker })
  await look([a])
  await look([a, b], 250)
  expect(adopted.map(({ id, isNew }) => [id, isNew])).toEqual([[a, false], [b, true]])
})

test('a container that is in the tree before it is in DNS is found within half a second of DNS knowing it', async () => {
  const { adopted, known, look } = setUp()
  await look([a])
  await look([a], 250)
  known[a] = worker
  await look([a], 250)
  expect(adopted).toHaveLength(1)
})

test('a container is asked about at every look of its first second, though each answer takes a moment', async () => {
  const { asked, look } = setUp({}, { answerMs: 5 })
  for (let ms = 0; ms < 1000; ms += 250) await look([a], 245)
  expect(asked).toHaveLength(4)
})

test('an id that DNS does not know is asked about for some seconds, and then counts as a stranger', async () => {
  const { discovery, asked, look } = setUp()
  for (let ms = 0; ms < 10_000; ms += 250) await look([a], 250)
  expect(asked).toHaveLength(8)
  expect(discovery.strangers).toBe(1)
})

test('a stranger whose directory goes is forgotten', async () => {
  const { discovery, look } = setUp()
  for (let ms = 0; ms < 6000; ms += 250) await look([a], 250)
  await look([], 250)
  expect(discovery.strangers).toBe(0)
})

test('while DNS is away, no container becomes a stranger', async () => {
  const { adopted, discovery, known, look } = setUp({ [a]: new DnsAway('away') })
  for (let ms = 0; ms < 60_000; ms += 250) await look([a], 250)
  expect(discovery.strangers).toBe(0)
  known[a] = worker
  await look([a], 1000)
  expect(adopted).toHaveLength(1)
})

test('copies of a service are adopted each under its own name', async () => {
  const { adopted, look } = setUp({ [a]: worker, [b]: { ...worker, name: 'lab-worker-2', number: 2 } })
  await look([a, b])
  expect(adopted.map(({ name }) => name)).toEqual(['lab-worker-1', 'lab-worker-2'])
})

test('a container that goes while DNS is asked is not adopted', async () => {
  const { adopted, discovery } = setUp({ [a]: worker })
  discovery.see([containerOf(a)])
  discovery.see([])
  await settled()
  expect(adopted).toEqual([])
})

test('a container for which there is no room counts as a stranger', async () => {
  const { discovery, look } = setUp({ [a]: worker }, { room: 0 })
  await look([a])
  expect(discovery.strangers).toBe(1)
})

test('at most as many questions are open at once as allowed', async () => {
  const { open, look } = setUp({}, { inquiries: 2 })
  await look(['1', '2', '3'].map(idOf))
  expect(open.most).toBe(2)
})

test('containers that wait until a question may be asked are asked about as soon as one has its answer, not at the next look', async () => {
  const { asked, look } = setUp({}, { inquiries: 2 })
  await look(['1', '2', '3', '4', '5'].map(idOf))
  expect(asked).toEqual(['1', '2', '3', '4', '5'].map(idOf))
})

test('a newcomer is asked about before strangers are asked about again', async () => {
  const { asked, look } = setUp({}, { inquiries: 1 })
  await look([idOf('1'), idOf('2')])
  await look([idOf('1'), idOf('2'), a], 250)
  expect(asked.slice(2)).toEqual([a, idOf('1'), idOf('2')])
})

test('of more unknown containers than allowed, the allowed number is remembered', async () => {
  const ids = ['1', '2', '3', '4'].map(idOf)
  const { discovery, asked, look } = setUp({}, { strangers: 3 })
  for (let ms = 0; ms < 6000; ms += 250) await look(ids, 250)
  expect(discovery.strangers).toBe(3)
  expect(new Set(asked)).toEqual(new Set(ids.slice(0, 3)))
})
