import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Express } from 'express'
import { Pool } from 'pg'
import { pino } from 'pino'
import request from 'supertest'
import { JobStore } from '#shared/jobs/job-store.ts'
import type { Job } from '#shared/jobs/job.ts'
import { JobQueue } from '#shared/jobs/queue.ts'
import { migrate } from '#shared/stores/migrate.ts'
import { createPool } from '#shared/stores/postgres.ts'
import { createRedis, pingRedis, type Redis } from '#shared/stores/redis.ts'
import { freshDatabase, type FreshDatabase } from '#support/stores/fresh-database.ts'
import { freshPrefix, type FreshPrefix } from '#support/stores/fresh-prefix.ts'
import { createOutage, type Outage } from '#support/stores/outage.ts'
import { storeUrl } from '#support/stores/store-urls.ts'
import { until } from '#support/until.ts'
import { fakeApp } from '../../unit/api/support/fake-app.ts'

// The api on a real store and a real queue, each behind an outage; `direct` sees the database without one.
const log = pino({ level: 'silent' })
let database: FreshDatabase
let fresh: FreshPrefix
let postgres: Outage
let redis: Outage
let pool: Pool
let direct: Pool
let client: Redis
let queue: JobQueue
let app: Express

beforeAll(async () => {
  database = await freshDatabase()
  fresh = freshPrefix()
  postgres = await createOutage(database.url)
  redis = await createOutage(storeUrl('REDIS_URL'))
  pool = createPool(postgres.url, 5, log)
  direct = new Pool({ connectionString: database.url, max: 2 })
  await migrate(direct, database.url, 'services/postgres/migrations', log)
  client = createRedis({ url: redis.url, log, failFast: true })
  queue = new JobQueue(client, fresh.prefix)
  const store = new JobStore(pool)
  app = fakeApp({
    jobs: {
      create: request => store.create(request),
      find: id => store.find(id),
      list: filter => store.list(filter),
      cancel: id => store.cancel(id)
    },
    queue: { add: (id, kind) => queue.add(id, kind), remove: id => queue.remove(id) },
    health: { required: { postgres: () => store.ping() }, optional: { redis: () => pingRedis(client) } }
  }).app
})
beforeEach(async () => {
  await until(async () => (await request(app).get('/readyz')).body.degraded?.length === 0, { what: 'the api to be ready' })
  await direct.query('TRUNCATE jobs')
})
afterAll(async () => {
  client.destroy()
  await pool.end()
  await direct.end()
  await postgres.close()
  await redis.close()
  await fresh.clear()
  await database.drop()
})

async function rowOf (id: string): Promise<Record<string, unknown> | undefined> {
  return (await direct.query('SELECT * FROM jobs WHERE id = $1', [id])).rows[0]
}

async function post (body: object = { kind: 'noop' }) {
  return request(app).post('/jobs').send(body)
}

test('a job that is accepted is committed and queued by the time of the answer', async () => {
  const before = await queue.depth()
  const { status, body, headers } = await post({ kind: 'cpu', params: { ms: 5 } })
  expect(status).toBe(202)
  expect(await rowOf(body.id)).toMatchObject({ kind: 'cpu', params: { ms: 5, threads: 1 }, status: 'queued' })
  expect((await queue.depth()).waiting).toBe(before.waiting + 1)
  expect((await request(app).get(headers.location!)).body).toEqual(body)
})

test('a job that is cancelled while it waits has ended, and the queue has forgotten it', async () => {
  const before = await queue.depth()
  const { body: { id } } = await post()
  const res = await request(app).delete(`/jobs/${id}`)
  expect([res.status, res.body.status, res.body.error.code]).toEqual([202, 'cancelled', 'cancelled'])
  expect(await queue.depth()).toEqual(before)
  expect((await request(app).delete(`/jobs/${id}`)).status).toBe(409)
})

test('jobs are listed page by page through the cursor of the answer', async () => {
  for (let i = 0; i < 5; i++) await post()
  const seen: string[] = []
  let pages = 0
  for (let cursor = ''; cursor !== null; pages++) {
    const { body }: { body: { jobs: Job[]; nextCursor: string } } = await request(app).get(
      `/jobs?limit=2${cursor && `&cursor=${cursor}`}`
    )
    seen.push(...body.jobs.map(({ id }) => id))
    cursor = body.nextCursor
  }
  const { rows } = await direct.query('SELECT id FROM jobs ORDER BY number DESC')
  expect(seen).toEqual(rows.map(({ id }) => id))
  expect(pages).toBe(3)
})

test('jobs are accepted while Redis is away, without waiting for it, and the api says that it is degraded', async () => {
  await redis.cut()
  try {
    const startedAt = performance.now()
    const { status, body } = await post()
    expect(status).toBe(202)
    expect(performance.now() - startedAt).toBeLessThan(3000)
    expect(await rowOf(body.id)).toMatchObject({ status: 'queued' })
    expect((await request(app).delete(`/jobs/${body.id}`)).status).toBe(202)
    const ready = await request(app).get('/readyz')
    expect([ready.status, ready.body.degraded]).toEqual([200, ['redis']])
  } finally {
    await redis.restore()
  }
})

test('jobs are refused with 503 while Postgres is away, and accepted when it is back', async () => {
  await postgres.cut()
  try {
    for (const res of [await post(), await request(app).get('/jobs')]) {
      expect([res.status, res.body.code, res.headers['retry-after']]).toEqual([503, 'store_unavailable', '2'])
    }
    const ready = await request(app).get('/readyz')
    expect([ready.status, ready.body.failing]).toEqual([503, ['postgres']])
    expect((await request(app).get('/livez')).status).toBe(200)
  } finally {
    await postgres.restore()
  }
  await until(async () => (await post()).status === 202, { what: 'jobs to be accepted again' })
})

test('many clients at once each get a job of their own', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => post()))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(50)
  const { rows: [{ count }] } = await direct.query('SELECT count(*)::int FROM jobs')
  expect(count).toBe(50)
})
