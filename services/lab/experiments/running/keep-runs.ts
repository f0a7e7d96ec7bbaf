import type { Health } from '#shared/http/health.ts'
import type { Log } from '#shared/process/log.ts'
import type { Shutdown } from '#shared/process/shutdown.ts'
import { migrate, Schema } from '#shared/stores/migrate.ts'
import { createPool, query } from '#shared/stores/postgres.ts'
import { RunMemory } from './run-memory.ts'
import { RunStore } from './run-store.ts'

/** Longer than for other services, because only runs wait for Postgres. */
const RETRY_MS = 3000

interface KeptRuns {
  store: Pick<RunStore, 'save' | 'find' | 'list'>
  /** Whether the store answers. */
  checks: Health['optional']
}

/** Keeps runs in Postgres; without one (`null`) in memory, until the lab ends. */
export function keepRuns (
  { databaseUrl, migrations }: { databaseUrl: string | null, migrations: string }, shutdown: Shutdown, log: Log
): KeptRuns {
  if (databaseUrl === null) return { store: new RunMemory(), checks: {} }
  const pool = createPool(databaseUrl, 2, log)
  shutdown.add('postgres', () => pool.end())
  const store = new RunStore(pool)
  const schema = new Schema(async () => {
    await migrate(pool, databaseUrl, migrations, log)
    await store.interruptRunning()
  }, log, RETRY_MS)
  shutdown.add('schema', () => schema.stop())
  schema.start()
  return { store, checks: { postgres: () => query(pool, 'SELECT 1', []) } }
}
