import { afterEach, beforeEach, expect } from '@jest/globals'
import { until } from '#support/until.ts'
import { createStage, isGone, isRunning, runnerOf, workerTest as test, type Stage } from './support/worker-process.ts'

// Workers are killed and stopped, Redis is cut and emptied. Each test has a stage of its own.
let stage: Stage
beforeEach(async () => { stage = await createStage() }, 20_000)
afterEach(async () => { await stage.close() }, 20_000)

const sleep = (ms: number) => ({ kind: 'sleep', params: { ms } }) as const
const noop = { kind: 'noop', params: {} } as const

test('a job whose worker is killed in each attempt is worker_lost, and its processes die with the worker', async () => {
  const id = await stage.post({ kind: 'processes', params: { count: 1, holdMs: 60_000 } })
  for (const attempt of [1, 2]) {
    const worker = await stage.startWorker({ ATTEMPTS: '2' })
    await until(async () => (await stage.store.find(id))!.attempts === attempt, {
      what: `attempt ${attempt}`,
      timeoutMs: 20_000
    })
    const runner = await runnerOf(worker)
    await worker.end('SIGKILL')
    await until(() => isGone(runner), { what: 'the process of the job to be gone' })
  }
  await stage.startWorker({ ATTEMPTS: '2' })
  expect(await stage.ended(id)).toMatchObject({
    status: 'failed',
    attempts: 2,
    error: { code: 'worker_lost' },
    usage: null
  })
}, 60_000)

test('a job whose worker is killed once runs again within seconds and succeeds', async () => {
  const lost = await stage.startWorker()
  const id = await stage.post(sleep(1500))
  await isRunning(stage, id)
  await lost.end('SIGKILL')
  await stage.startWorker()
  expect(await stage.ended(id)).toMatchObject({ status: 'succeeded', attempts: 2 })
}, 40_000)

test('a job whose worker is killed and whose cancellation is asked for is cancelled by the next', async () => {
  const lost = await stage.startWorker()
  const id = await stage.post(sleep(60_000))
  await isRunning(stage, id)
  await lost.end('SIGKILL')
  await stage.store.cancel(id)
  await stage.startWorker()
  expect(await stage.ended(id)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } })
}, 40_000)

test.each([
  ['sleep', { kind: 'sleep', params: { ms: 1500 } }],
  ['cpu', { kind: 'cpu', params: { ms: 1500, threads: 1 } }]
] as const)('a worker that has to stop gives a %s job back, and another finishes it as its first attempt', async (_kind, request) => {
  const stopped = await stage.startWorker({ DRAIN_MS: '50' })
  const id = await stage.post(request)
  await isRunning(stage, id)
  expect(await stopped.end('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(await stage.store.find(id)).toMatchObject({ status: 'queued', attempts: 0, startedAt: null, worker: null })
  await stage.startWorker()
  expect(await stage.ended(id)).toMatchObject({ status: 'succeeded', attempts: 1 })
}, 40_000)

test('a worker that has to stop lets a short job end, takes no other, and leaves no process', async () => {
  const worker = await stage.startWorker({ DRAIN_MS: '10000' })
  const id = await stage.post({ kind: 'cpu', params: { ms: 500, threads: 1 } })
  await isRunning(stage, id)
  const runner = await runnerOf(worker)
  const next = await stage.post(noop)
  expect(await worker.end('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(await stage.store.find(id)).toMatchObject({ status: 'succeeded', attempts: 1 })
  expect(await stage.store.find(next)).toMatchObject({ status: 'queued' })
  await until(() => isGone(runner), { what: 'the process of jobs to be gone' })
}, 40_000)

test('a worker that has to stop says at once that it is not ready', async () => {
  const worker = await stage.startWorker({ DRAIN_MS: '1500' })
  const id = await stage.post(sleep(60_000))
  await isRunning(stage, id)
  const ended = worker.end('SIGTERM')
  // Either it still answers, and names it, or it does not listen any more.
  await until(
    async () =>
      fetch(`${worker.url}/readyz`).then(
        res => res.status === 503,
        () => true
      ),
    { what: 'the worker not to be ready' }
  )
  expect(await ended).toEqual({ code: 0, signal: null })
}, 40_000)

test('a worker that has to stop while Redis is away ends by itself', async () => {
  const worker = await stage.startWorker({ SHUTDOWN_MS: '3000', DRAIN_MS: '100' })
  await stage.redis.cut()
  expect((await worker.end('SIGTERM')).signal).toBeNull()
}, 40_000)

test('jobs posted while the queue is away are run once it is back', async () => {
  const worker = await stage.startWorker()
  await stage.redis.cut()
  await until(async () => (await fetch(`${worker.url}/readyz`)).status === 503, { what: 'the worker to miss Redis' })
  const jobs = await Promise.all(Array.from({ length: 20 }, () => stage.store.create(noop)))
  await stage.redis.restore()
  for (const { id } of jobs) expect(await stage.ended(id)).toMatchObject({ status: 'succeeded', attempts: 1 })
}, 40_000)

test('a worker that starts while Redis is away works once it is back', async () => {
  const id = await stage.post(noop)
  await stage.redis.cut()
  const worker = await stage.startWorker({}, '/livez')
  expect(await (await fetch(`${worker.url}/readyz`)).json()).toMatchObject({
    failing: expect.arrayContaining(['redis'])
  })
  await stage.redis.restore()
  expect((await stage.ended(id)).status).toBe('succeeded')
}, 40_000)

test('a job that runs while Redis goes and comes back is recorded once, and the next one runs', async () => {
  await stage.startWorker()
  const id = await stage.post(sleep(3000))
  await isRunning(stage, id)
  await stage.redis.cut()
  // Longer than the lock lives, so that the queue may believe the worker lost.
  await until(async () => (await stage.query("SELECT 1 FROM jobs WHERE started_at < now() - interval '2 seconds'")).length > 0, { what: 'two seconds of outage' })
  await stage.redis.restore()
  expect((await stage.ended(id)).status).toBe('succeeded')
  expect((await stage.ended(await stage.post(noop))).status).toBe('succeeded')
}, 40_000)

test('a queue that lost everything is filled again from the store', async () => {
  const blocked = await stage.startWorker({ CONCURRENCY: '1' })
  const first = await stage.post(sleep(500))
  await isRunning(stage, first)
  const ids = await Promise.all(Array.from({ length: 50 }, () => stage.post(noop)))
  await stage.emptyQueue()
  for (const id of [first, ...ids]) expect((await stage.ended(id)).status).toBe('succeeded')
  expect(await blocked.end('SIGTERM')).toEqual({ code: 0, signal: null })
}, 40_000)

test('two workers on one queue run every job once and share them', async () => {
  const workers = [await stage.startWorker({ CONCURRENCY: '4' }), await stage.startWorker({ CONCURRENCY: '4' })]
  const ids = await Promise.all(Array.from({ length: 200 }, () => stage.post(sleep(5))))
  await Promise.all(ids.map(id => stage.ended(id, 30_000)))
  expect(await stage.query('SELECT status, attempts, count(*)::int AS jobs FROM jobs GROUP BY 1, 2')).toEqual([{ status: 'succeeded', attempts: 1, jobs: 200 }])
  const counts = await Promise.all(workers.map(countedBy))
  expect(counts[0]! + counts[1]!).toBe(200)
  expect(Math.min(...counts)).toBeGreaterThan(0)
}, 60_000)

async function countedBy ({ url }: { url: string }): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^jobs_finished_total\{kind="sleep",outcome="succeeded"\} (\d+)$/m.exec(text)?.[1] ?? 0)
}

test('a worker without its settings does not start, and says all that is missing', async () => {
  await expect(stage.startWorker({ DATABASE_URL: '', REDIS_URL: '', PORT: 'x' })).rejects.toThrow(
    /PORT must be .*; DATABASE_URL is not set; REDIS_URL is not set/
  )
}, 20_000)
