import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Pool } from 'pg'
import { pino } from 'pino'
import { JobStore } from '#shared/jobs/job-store.ts'
import type { Job, JobRequest, JobOutcome } from '#shared/jobs/job.ts'
import { migrate } from '#shared/stores/migrate.ts'
import { createPool, StoreUnavailable } from '#shared/stores/postgres.ts'
import { freshDatabase, type FreshDatabase } from '#support/stores/fresh-database.ts'
import { createOutage } from '#support/stores/outage.ts'
import { until } from '#support/until.ts'

const log = pino({ level: 'silent' })
const MIGRATIONS = 'services/postgres/migrations'
const UNKNOWN_ID = '019ab000-0000-7000-8000-000000000001'
const noop: JobRequest = { kind: 'noop', params: {} }
const cpu: JobRequest = { kind: 'cpu', params: { ms: 5, threads: 2 } }
const usage = {
  cpuSeconds: 0.5,
  throttledSeconds: null,
  peakMemoryBytes: 2 ** 40,
  peakMemoryFrom: 'kernel' as const,
  wallMs: 12
}
const succeeded: JobOutcome = { status: 'succeeded', usage, result: { mib: 5 }, error: null }
const crashed: JobOutcome = {
  status: 'failed',
  usage,
  result: null,
  error: { code: 'crashed', message: 'it "broke"\n' }
}

let database: FreshDatabase
let pool: Pool
let store: JobStore
beforeAll(async () => {
  database = await freshDatabase()
  pool = createPool(database.url, 8, log)
  await migrate(pool, database.url, MIGRATIONS, log)
  store = new JobStore(pool)
})
beforeEach(async () => { await pool.query('TRUNCATE jobs') })
afterAll(async () => {
  await pool.end()
  await database.drop()
})

async function running (request = noop): Promise<Job> {
  const { id } = await store.create(request)
  return (await store.start(id, 'w1', 3))!
}

/** As if no job had been compared with the queue for a minute. */
async function ageAll (): Promise<void> {
  await pool.query("UPDATE jobs SET checked_at = now() - interval '1 minute'")
}

test('a job that is created is queued, and is found as it was asked for', async () => {
  const job = await store.create(cpu)
  expect(job).toMatchObject({
    ...cpu,
    status: 'queued',
    attempts: 0,
    startedAt: null,
    finishedAt: null,
    worker: null,
    usage: null,
    result: null,
    error: null
  })
  expect(job.createdAt).toBeInstanceOf(Date)
  expect(await store.find(job.id)).toEqual(job)
})

test('jobs that are created at the same moment are each as they were asked for, and numbered in that order', async () => {
  const requests = Array.from({ length: 150 }, (_, i): JobRequest => ({ kind: 'sleep', params: { ms: i + 1 } }))
  const jobs = await Promise.all(requests.map(request => store.create(request)))
  expect(jobs.map(({ kind, params }) => ({ kind, params }))).toEqual(requests)
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(150)
  const listed = [...await store.list({ limit: 100 }), ...await store.list({ limit: 100, cursor: jobs[50]!.id })]
  expect(listed.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id).reverse())
})

test('a job that cannot be created costs only its own caller, and not those who came at the same moment', async () => {
  const impossible = { kind: 'noop', params: { text: '\u0000' } } as unknown as JobRequest
  const outcomes = await Promise.allSettled([cpu, impossible, noop].map(request => store.create(request)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await store.list({ limit: 10 })).toHaveLength(2)
})

test('a job that does not exist is not found', async () => {
  expect(await store.find(UNKNOWN_ID)).toBeNull()
})

test('a list of 250 jobs, page by page, has each job once, newest first', async () => {
  const created: string[] = []
  for (let i = 0; i < 250; i++) created.push((await store.create(i % 5 === 0 ? cpu : noop)).id)
  const pages: string[][] = []
  for (let cursor: string | undefined; ;) {
    const page = (await store.list({ limit: 100, cursor })).map(({ id }) => id)
    pages.push(page)
    if (page.length < 100) break
    cursor = page.at(-1)
  }
  expect(pages.map(page => page.length)).toEqual([100, 100, 50])
  expect(pages.flat()).toEqual(created.reverse())
  expect((await store.list({ limit: 100, kind: 'cpu' })).every(({ kind }) => kind === 'cpu')).toBe(true)
  expect(await store.list({ limit: 100, kind: 'cpu' })).toHaveLength(50)
})

test('a list of one status and kind, after a cursor, has only those', async () => {
  const older = await running(cpu)
  await store.create(cpu)
  await running()
  const newer = await running(cpu)
  expect((await store.list({ limit: 10, status: 'running', kind: 'cpu' })).map(({ id }) => id)).toEqual([
    newer.id,
    older.id
  ])
  expect(
    (await store.list({ limit: 10, status: 'running', kind: 'cpu', cursor: newer.id })).map(({ id }) => id)
  ).toEqual([older.id])
  expect(await store.list({ limit: 10, status: 'failed' })).toEqual([])
})

test('a job that is started runs, under this worker, and counts the attempt', async () => {
  const job = await running()
  expect(job).toMatchObject({ status: 'running', attempts: 1, worker: 'w1', startedAt: expect.any(Date) })
})

test('a job can be started again as long as it has an attempt left', async () => {
  const { id } = await running()
  expect(await store.start(id, 'w2', 2)).toMatchObject({ attempts: 2, worker: 'w2' })
  expect(await store.start(id, 'w3', 2)).toBeNull()
  expect(await store.find(id)).toMatchObject({ status: 'running', attempts: 2, worker: 'w2' })
})

test('a job that ended, is to be cancelled or is unknown cannot be started', async () => {
  const [ended, cancelling] = [await running(), await running()]
  await store.finish(ended.id, succeeded)
  await store.cancel(cancelling.id)
  for (const id of [ended.id, cancelling.id, UNKNOWN_ID]) expect(await store.start(id, 'w2', 9)).toBeNull()
})

test('a job is finished once: the second outcome is refused and changes nothing', async () => {
  const { id } = await running()
  expect(await store.finish(id, crashed)).toBe(true)
  const job = await store.find(id)
  expect(job).toMatchObject({
    status: 'failed',
    usage,
    result: null,
    error: crashed.error,
    finishedAt: expect.any(Date)
  })
  expect(await store.finish(id, succeeded)).toBe(false)
  expect(await store.find(id)).toEqual(job)
})

test('a job that starts and ends in one step has one attempt, its worker and both times, and ends once', async () => {
  const { id } = await store.create(noop)
  expect(await store.startAndFinish({ id, worker: 'w1', maxAttempts: 3, ...succeeded })).toBe(true)
  const job = (await store.find(id))!
  expect(job).toMatchObject({ ...succeeded, attempts: 1, worker: 'w1' })
  expect([job.startedAt, job.finishedAt]).toEqual([expect.any(Date), expect.any(Date)])
  expect(await store.startAndFinish({ id, worker: 'w2', maxAttempts: 3, ...crashed })).toBe(false)
  expect(await store.find(id)).toEqual(job)
})

test('jobs that start and end at the same moment are recorded together, and one that comes twice is recorded once', async () => {
  const ids = (await Promise.all([noop, noop, noop].map(request => store.create(request)))).map(({ id }) => id)
  const ended = [...ids, ids[0]!].map((id, i) => ({ id, worker: `w${i}`, maxAttempts: 3, ...succeeded }))
  expect(await Promise.all(ended.map(attempt => store.startAndFinish(attempt)))).toEqual([true, true, true, false])
  const jobs = await Promise.all(ids.map(id => store.find(id)))
  expect(jobs.map(job => [job!.status, job!.attempts, job!.worker])).toEqual(
    ['w0', 'w1', 'w2'].map(worker => ['succeeded', 1, worker]))
})

test('a job that is to be cancelled, has no attempt left or is unknown does not start and end in one step', async () => {
  const [cancelled, spent] = [await running(), await running()]
  await store.cancel(cancelled.id)
  for (const id of [cancelled.id, UNKNOWN_ID]) {
    expect(await store.startAndFinish({ id, worker: 'w2', maxAttempts: 3, ...succeeded })).toBe(false)
  }
  expect(await store.startAndFinish({ id: spent.id, worker: 'w2', maxAttempts: 1, ...succeeded })).toBe(false)
  expect((await store.find(spent.id))!.status).toBe('running')
})

test('a job that many finish at once is finished by one of them', async () => {
  const { id } = await running()
  const taken = await Promise.all(Array.from({ length: 8 }, () => store.finish(id, succeeded)))
  expect(taken.filter(Boolean)).toHaveLength(1)
})

test('a queued job that is cancelled has ended', async () => {
  const { id } = await store.create(noop)
  expect(await store.cancel(id)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Date), error: { code: 'cancelled' } })
  expect(await store.cancel(id)).toBeNull()
})

test('a running job that is cancelled still runs, until its worker sees it', async () => {
  const { id } = await running()
  expect(await store.isCancelRequested(id)).toBe(false)
  expect(await store.cancel(id)).toMatchObject({ status: 'running', finishedAt: null, error: null })
  expect(await store.isCancelRequested(id)).toBe(true)
})

test('a job that ended, or is unknown, cannot be cancelled', async () => {
  const { id } = await running()
  await store.finish(id, succeeded)
  expect(await store.cancel(id)).toBeNull()
  expect(await store.cancel(UNKNOWN_ID)).toBeNull()
  expect(await store.find(id)).toMatchObject({ status: 'succeeded', error: null })
})

test('a job without attempts left ends as worker_lost', async () => {
  const { id } = await running()
  expect(await store.endUnstartable(id)).toBe('worker_lost')
  expect(await store.find(id)).toMatchObject({ status: 'failed', error: { code: 'worker_lost', message: 'the worker died during each of 1 attempts' } })
  expect(await store.endUnstartable(id)).toBeNull()
})

test('a job that is to be cancelled and lost its worker ends as cancelled', async () => {
  const { id } = await running()
  await store.cancel(id)
  expect(await store.endUnstartable(id)).toBe('cancelled')
  expect(await store.find(id)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } })
})

test('a job that is given back is as if it had never been started', async () => {
  const { id } = await running()
  await store.giveBack(id)
  expect(await store.find(id)).toMatchObject({ status: 'queued', attempts: 0, startedAt: null, worker: null })
})

test('a job that ended cannot be given back', async () => {
  const { id } = await running()
  await store.finish(id, succeeded)
  await store.giveBack(id)
  expect(await store.find(id)).toMatchObject({ status: 'succeeded', attempts: 1 })
})

test('unchecked jobs are the unfinished ones, each once an interval, the longest unchecked first', async () => {
  const [first, second, ended] = [await store.create(cpu), await running(), await running()]
  await store.finish(ended.id, succeeded)
  expect(await store.takeUnchecked(30_000, 10)).toEqual([])
  await ageAll()
  await pool.query("UPDATE jobs SET checked_at = now() - interval '2 minutes' WHERE id = $1", [second.id])
  expect(await store.takeUnchecked(30_000, 1)).toEqual([{ id: second.id, kind: 'noop' }])
  expect(await store.takeUnchecked(30_000, 10)).toEqual([{ id: first.id, kind: 'cpu' }])
  expect(await store.takeUnchecked(30_000, 10)).toEqual([])
})

test('case 11: a job that comes after the clock was set back is the newest, and is found behind every cursor', async () => {
  const [older, newer] = [await store.create(noop), await store.create(noop)]
  // Of Postgres' own making, as its clock would have it a day ago.
  await pool.query("INSERT INTO jobs (id, kind, params) VALUES (uuidv7(interval '-1 day'), 'cpu', '{}')")
  const [latest, ...others] = await store.list({ limit: 10 })
  expect(latest!.kind).toBe('cpu')
  expect(others.map(({ id }) => id)).toEqual([newer.id, older.id])
  expect((await store.list({ limit: 10, cursor: latest!.id })).map(({ id }) => id)).toEqual([newer.id, older.id])
})

test('case 11: a job that was compared with the queue before the clock was set back is compared again at once, and then in its turn', async () => {
  const { id } = await store.create(noop)
  await pool.query("UPDATE jobs SET checked_at = now() + interval '10 minutes'")
  expect(await store.takeUnchecked(30_000, 10)).toEqual([{ id, kind: 'noop' }])
  expect(await store.takeUnchecked(30_000, 10)).toEqual([])
})

test('unchecked jobs are shared between callers that ask at once', async () => {
  const ids = await Promise.all(Array.from({ length: 60 }, async () => (await store.create(noop)).id))
  await ageAll()
  const taken = await Promise.all(Array.from({ length: 4 }, () => store.takeUnchecked(30_000, 60)))
  expect(taken.flat().map(({ id }) => id).sort()).toEqual(ids.sort())
})

test('unchecked jobs that another transaction holds are skipped, not waited for', async () => {
  const [held, free] = [await store.create(noop), await store.create(noop)]
  await ageAll()
  const other = await pool.connect()
  try {
    await other.query('BEGIN')
    await other.query('SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE', [held.id])
    expect(await store.takeUnchecked(30_000, 10)).toEqual([{ id: free.id, kind: 'noop' }])
  } finally {
    await other.query('ROLLBACK')
    other.release()
  }
})

test('an error of a statement is not an outage', async () => {
  await expect(store.find('no uuid')).rejects.not.toBeInstanceOf(StoreUnavailable)
})

describe('an outage', () => {
  test('of Postgres is StoreUnavailable, and over when Postgres is back', async () => {
    const outage = await createOutage(database.url)
    const cutPool = createPool(outage.url, 2, log)
    try {
      const cutStore = new JobStore(cutPool)
      const { id } = await cutStore.create(noop)
      await outage.cut()
      await expect(cutStore.ping()).rejects.toBeInstanceOf(StoreUnavailable)
      await expect(cutStore.create(noop)).rejects.toBeInstanceOf(StoreUnavailable)
      await outage.restore()
      expect(await until(() => cutStore.find(id), { what: 'the store to be back' })).toMatchObject({ id })
    } finally {
      await cutPool.end()
      await outage.close()
    }
  })

  test('of a connection that the server ends under a statement is StoreUnavailable', async () => {
    const other = createPool(database.url, 1, log)
    try {
      const asked = new JobStore(other)
      await asked.ping()
      const locked = await pool.connect()
      try {
        await locked.query('BEGIN')
        await locked.query('LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE')
        const waiting = expect(asked.find(UNKNOWN_ID)).rejects.toBeInstanceOf(StoreUnavailable)
        await until(async () => {
          const { rows } = await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
          return rows.length > 0
        }, { what: 'the statement to wait' })
        await waiting
      } finally {
        await locked.query('ROLLBACK')
        locked.release()
      }
      expect(await asked.find(UNKNOWN_ID)).toBeNull()
    } finally {
      await other.end()
    }
  })

  test('is also a schema that is not there yet', async () => {
    const empty = await freshDatabase()
    const emptyPool = createPool(empty.url, 1, log)
    try {
      await expect(new JobStore(emptyPool).create(noop)).rejects.toBeInstanceOf(StoreUnavailable)
    } finally {
      await emptyPool.end()
      await empty.drop()
    }
  })
})

test('several services that migrate at once all succeed, and each migration is applied once', async () => {
  const empty = await freshDatabase()
  const pools = Array.from({ length: 4 }, () => createPool(empty.url, 1, log))
  try {
    await Promise.all(pools.map(pool => migrate(pool, empty.url, MIGRATIONS, log)))
    const { rows } = await pools[0]!.query('SELECT name FROM migrations')
    expect(rows).toEqual([{ name: '0001_jobs' }, { name: '0002_runs' }, { name: '0003_order' }])
    await migrate(pools[0]!, empty.url, MIGRATIONS, log)
    expect((await pools[0]!.query('SELECT name FROM migrations')).rows).toEqual(rows)
  } finally {
    await Promise.all(pools.map(pool => pool.end()))
    await empty.drop()
  }
}, 20_000)

test('jobs and runs of before rows were numbered keep their order, and new ones come after them', async () => {
  const earlier = mkdtempSync(join(tmpdir(), 'migrations-'))
  for (const name of ['0001_jobs.sql', '0002_runs.sql']) cpSync(join(MIGRATIONS, name), join(earlier, name))
  const old = await freshDatabase()
  const oldPool = createPool(old.url, 1, log)
  try {
    await migrate(oldPool, old.url, earlier, log)
    for (const age of [2, 3, 1]) {
      await oldPool.query(`INSERT INTO jobs (id, kind, params) VALUES (uuidv7(interval '-${age} hours'), 'noop', '{"age": ${age}}')`)
      await oldPool.query(`INSERT INTO runs (id, experiment, started_at, view) VALUES (uuidv7(), 'try', now() - interval '${age} hours', '{"age": ${age}}')`)
    }
    await migrate(oldPool, old.url, MIGRATIONS, log)
    const { id } = await new JobStore(oldPool).create(noop)
    const jobs = await new JobStore(oldPool).list({ limit: 10 })
    expect(jobs[0]!.id).toBe(id)
    expect(jobs.slice(1).map(({ params }) => params)).toEqual([{ age: 1 }, { age: 2 }, { age: 3 }])
    const { rows } = await oldPool.query("SELECT view ->> 'age' AS age FROM runs ORDER BY number DESC")
    expect(rows.map(({ age }) => age)).toEqual(['1', '2', '3'])
  } finally {
    await oldPool.end()
    await old.drop()
    rmSync(earlier, { recursive: true })
  }
})
