import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Pool } from 'pg'
import { pino } from 'pino'
import { RunStore } from '#lab/experiments/running/run-store.ts'
import type { Run } from '#lab/wire/experiments.ts'
import { migrate } from '#shared/stores/migrate.ts'
import { createPool } from '#shared/stores/postgres.ts'
import { freshDatabase, type FreshDatabase } from '#support/stores/fresh-database.ts'
import { recordedRun } from '../../../../unit/lab/support/recorded.ts'

const log = pino({ level: 'silent' })

let database: FreshDatabase
let pool: Pool
let store: RunStore
beforeAll(async () => {
  database = await freshDatabase()
  pool = createPool(database.url, 2, log)
  await migrate(pool, database.url, 'services/postgres/migrations', log)
  store = new RunStore(pool)
})
beforeEach(async () => { await pool.query('TRUNCATE runs') })
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const runOf = (given: Partial<Run> = {}): Run => ({
  ...(recordedRun('memory-limit.v1') as Run),
  id: randomUUID(),
  ...given
})

test('a run is found as it was saved, with every reading', async () => {
  const run = runOf()
  await store.save(run)
  expect(await store.find(run.id)).toEqual(run)
})

test('a run that is saved again replaces what was saved of it before', async () => {
  const run = runOf()
  await store.save({ ...run, state: 'running', verdict: null, recording: null, facts: null })
  await store.save(run)
  expect(await store.find(run.id)).toEqual(run)
  expect(await store.list({ limit: 10 })).toHaveLength(1)
})

test('an unknown id is null', async () => {
  expect(await store.find(randomUUID())).toBeNull()
})

test('a list has the newest first, of one experiment where asked, and no readings', async () => {
  const [old, other, young] = [
    runOf({ startedAt: '2026-01-01T00:00:00Z' }),
    runOf({ startedAt: '2026-01-02T00:00:00Z', experiment: 'cpu-limit' }),
    runOf({ startedAt: '2026-01-03T00:00:00Z' })
  ]
  for (const run of [old, other, young]) await store.save(run)
  expect((await store.list({ limit: 10 })).map(({ id }) => id)).toEqual([young.id, other.id, old.id])
  expect((await store.list({ experiment: 'memory-limit', limit: 1 })).map(({ id }) => id)).toEqual([young.id])
  expect((await store.list({ limit: 1 }))[0]).not.toHaveProperty('recording')
})

test('what a lab left running is interrupted when the next one starts; what ended stays as it was', async () => {
  const [left, ended] = [runOf({ state: 'running', phase: 'action' }), runOf()]
  await store.save(left)
  await store.save(ended)
  await store.interruptRunning()
  expect(await store.find(left.id)).toMatchObject({ state: 'interrupted', phase: null })
  expect((await store.find(ended.id))?.state).toBe('finished')
})

test('case 11: a run that is begun after the clock was set back is the newest, and not the first to make room', async () => {
  await pool.query('INSERT INTO runs (id, experiment, started_at, view) SELECT gen_random_uuid(), \'old\', \'2030-01-01\'::timestamptz + i * interval \'1 s\', \'{}\' FROM generate_series(1, 200) i')
  const run = runOf({ startedAt: '2026-01-01T00:00:00Z' })
  await store.save(run)
  expect(await store.find(run.id)).toEqual(run)
  expect((await store.list({ limit: 1 })).map(({ id }) => id)).toEqual([run.id])
})

test('of more than 200 runs the oldest are removed', async () => {
  await pool.query('INSERT INTO runs (id, experiment, started_at, view) SELECT gen_random_uuid(), \'old\', \'2020-01-01\'::timestamptz + i * interval \'1 s\', \'{}\' FROM generate_series(1, 205) i')
  await store.save(runOf())
  const { rows } = await pool.query<{ count: string, oldest: Date }>('SELECT count(*), min(started_at) AS oldest FROM runs')
  expect(rows[0]).toEqual({ count: '200', oldest: new Date('2020-01-01T00:00:07Z') })
})
