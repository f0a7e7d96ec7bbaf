import { expect, test } from '@jest/globals'
import { PeerAway, type PeerRequest } from '#lab/peers/peer.ts'
import { EXPERIMENT_PATIENCE_MS, queueOf, Stack, storeState, type Readiness } from '#lab/peers/stack.ts'
import { askBeliefs } from '#lab/peers/whoami.ts'

const ready: Readiness = { status: 'ok', failing: [], degraded: [] }

function peer (answers: Record<string, unknown>) {
  const asked: string[] = []
  const ask = async (path: string) => {
    asked.push(path)
    const answer = answers[path]
    if (answer === undefined) throw new PeerAway('away')
    return { status: 200, headers: {}, text: String(answer) }
  }
  const json = async <T>(path: string) => {
    asked.push(path)
    return (answers[path] ?? null) as T | null
  }
  return { asked, ask, json }
}

const metrics = '# TYPE queue_jobs gauge\nqueue_jobs{state="waiting"} 3\nqueue_jobs{state="active"} 1\n'

test('all that answer are up, with the queue and the latest jobs', async () => {
  const api = peer({ '/readyz': ready, '/jobs?limit=20': { jobs: [{ id: '1' }] } })
  const worker = peer({ '/readyz': ready, '/metrics': metrics })
  expect(await new Stack({ api, worker, isPresent: () => true }).view()).toMatchObject({
    services: { api: 'up', worker: 'up', postgres: 'up', redis: 'up' }, queue: { waiting: 3, active: 1 }, latest: [{ id: '1' }]
  })
})

test('while neither API nor worker answers, a store is up if its container is there', async () => {
  const stack = new Stack({ api: peer({}), worker: peer({}), isPresent: service => service === 'redis' })
  expect(await stack.view()).toMatchObject({
    services: { api: 'down', worker: 'down', postgres: 'down', redis: 'up' }, queue: null, latest: null
  })
})

test('views that are asked for while an answer is on its way share it, and the next one asks again', async () => {
  const api = peer({ '/readyz': ready })
  const stack = new Stack({ api, worker: peer({}), isPresent: () => true })
  const [one, two] = await Promise.all([stack.view(), stack.view()])
  expect(one).toBe(two)
  await stack.view()
  expect(api.asked.filter(path => path === '/readyz')).toHaveLength(2)
})

test('every question of a view has its patience, and views of other patience do not share an answer', async () => {
  const patience: unknown[] = []
  const silent = {
    ask: async (_path: string, question?: PeerRequest) => {
      patience.push(question?.timeoutMs)
      throw new PeerAway('away')
    },
    json: async (_path: string, question?: PeerRequest) => {
      patience.push(question?.timeoutMs)
      return null
    }
  }
  const stack = new Stack({ api: silent, worker: silent, isPresent: () => true })
  await Promise.all([stack.view(), stack.view(EXPERIMENT_PATIENCE_MS), stack.view()])
  expect(patience).toEqual([2000, 2000, 2000, 2000, 8000, 8000, 8000, 8000])
})

test.each<[string, Array<Readiness | null>, string]>([
  ['up for both', [ready, ready], 'up'],
  ['failing for both', [{ ...ready, failing: ['redis'] }, { ...ready, degraded: ['redis'] }], 'down'],
  ['up for one of them', [{ ...ready, degraded: ['redis'] }, ready], 'up'],
  ['failing for the only one that answers', [null, { ...ready, failing: ['redis'] }], 'down']
])('a store that is %s is %s', (_case, said, state) => {
  expect(storeState('redis', said, () => true)).toBe(state)
})

test.each([['whole', metrics, { waiting: 3, active: 1 }], ['empty', '', null], ['half', 'queue_jobs{state="waiting"} 3', null]])(
  'the queue in %s metrics', (_case, text, queue) => {
    expect(queueOf(text)).toEqual(queue)
  })

test('beliefs are those of the services that answer, and of the lab', async () => {
  const memory = { totalMemoryBytes: 1, constrainedMemoryBytes: 1, heapLimitBytes: 1 }
  const believes = { cpus: 2, availableParallelism: 2, ...memory }
  const beliefs = await askBeliefs({ api: peer({ '/whoami': { hostname: 'a', believes } }), worker: peer({}) })
  expect(beliefs.map(({ service }) => service)).toEqual(['api', 'lab'])
  expect(beliefs[0]).toEqual({ service: 'api', hostname: 'a', ...believes })
})
