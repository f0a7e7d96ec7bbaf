import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { until } from '#support/until.ts'
import { accept, api, job, post, untilFinished, untilRunning } from './support/api.ts'
import { killPid1 } from './support/engine-host.ts'
import { compose, lifeOf, untilHealthy } from './support/stack.ts'

const TEST_MS = 300_000

beforeAll(() => untilHealthy(), 130_000)
afterEach(async () => {
  await compose('start', 'redis', 'postgres')
  await untilHealthy()
}, 130_000)

test(
  'without Redis jobs are accepted all the same, and run once it is back',
  async () => {
    await compose('stop', 'redis')
    const jobs = [await accept('noop'), await accept('cpu', { ms: 10 }), await accept('sleep', { ms: 10 })]
    for (const { id } of jobs) expect((await job(id)).status).toBe('queued')
    const ready = await api('/readyz')
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { status: 'ok', failing: [], degraded: ['redis'] }
    })

    await compose('start', 'redis')
    for (const { id } of jobs) expect(await untilFinished(id)).toMatchObject({ status: 'succeeded', attempts: 1 })
  }, TEST_MS)

test(
  'a job that is accepted while Redis dies and comes back runs',
  async () => {
    const life = await lifeOf('redis')
    const killed = killPid1('redis')
    const jobs = await Promise.all(Array.from({ length: 30 }, () => accept('noop')))
    await killed
    await until(async () => (await lifeOf('redis')).restarts > life.restarts, {
      what: 'Redis to be restarted',
      timeoutMs: 60_000
    })
    for (const { id } of jobs) expect(await untilFinished(id)).toMatchObject({ status: 'succeeded' })
  },
  TEST_MS
)

test('without Postgres nothing is accepted: 503 and when to try again; the api lives and recovers', async () => {
  const before = await accept('noop')
  await untilFinished(before.id)
  const life = await lifeOf('api')
  await compose('stop', 'postgres')

  for (const res of [
    await post('noop'),
    await api(`/jobs/${before.id}`),
    await api('/jobs'),
    await api(`/jobs/${before.id}`, { method: 'DELETE' })
  ]) {
    expect(res.status).toBe(503)
    expect(res.headers.get('content-type')).toMatch('application/problem+json')
    expect(Number(res.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await res.json()).toMatchObject({ status: 503, code: 'store_unavailable' })
  }
  expect((await api('/livez')).status).toBe(200)
  const ready = await api('/readyz')
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({
    status: 503,
    body: { status: 'unavailable', failing: ['postgres'] }
  })

  await compose('start', 'postgres')
  await until(async () => (await api('/readyz')).status === 200, {
    what: 'the api to be ready again',
    timeoutMs: 60_000
  })
  expect(await untilFinished((await accept('noop')).id)).toMatchObject({ status: 'succeeded' })
  expect(await lifeOf('api')).toEqual(life)
},
TEST_MS
)

test('a job that ends while Postgres is away is recorded once it is back', async () => {
  const { id } = await accept('sleep', { ms: 2000 })
  const { startedAt } = await untilRunning(id)
  await compose('stop', 'postgres')
  await until(() => Date.now() > Date.parse(startedAt!) + 4000, { what: 'the job to have ended' })
  await compose('start', 'postgres')
  expect(await untilFinished(id)).toMatchObject({ status: 'succeeded', attempts: 1, startedAt })
}, TEST_MS)
