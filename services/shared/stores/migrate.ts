import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Log } from '#shared/process/log.ts'

/** Short, because a service starts at the same time as Postgres. */
const RETRY_MS = 500

/**
 * Brings the schema up to date, in the background and for as long as it takes: a service that starts while Postgres
 * is down answers "not ready" instead of dying.
 */
export class Schema {
  isCurrent = false
  readonly #stopping = new AbortController()
  readonly #migrate: () => Promise<void>
  readonly #log: Log
  readonly #retryMs: number
  #running: Promise<void> | null = null

  constructor (migrate: () => Promise<void>, log: Log, retryMs = RETRY_MS) {
    this.#migrate = migrate
    this.#log = log
    this.#retryMs = retryMs
  }

  start (): void { this.#running = this.#loop() }

  async stop (): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** A check for `/readyz`. */
  async check (): Promise<void> {
    if (!this.isCurrent) throw new Error('the schema is not up to date yet')
  }

  async #loop (): Promise<void> {
    const { signal } = this.#stopping
    let reason: string | null = null
    while (!this.isCurrent && !signal.aborted) {
      try {
        await this.#migrate()
        this.isCurrent = true
      } catch (err) {
        const { message } = err as Error
        if (message !== reason) this.#log.warn({ reason: message }, 'cannot bring the schema up to date yet')
        reason = message
        await delay(this.#retryMs, undefined, { signal }).catch(() => {})
      }
    }
  }
}

/**
 * Applies the migrations that are missing. The first process takes an advisory lock and applies them; the others wait
 * for the lock and find nothing left to do. `dir` holds the migrations as SQL files, applied in the order of their
 * names.
 */
export async function migrate (pool: Pool, databaseUrl: string, dir: string, log: Log): Promise<void> {
  if (await isCurrent(pool, dir)) return
  // Loaded only when needed, which is once in the life of a database: it would hold 5 MiB in each idle service.
  const { runner } = await import('node-pg-migrate')
  const applied = await runner({
    databaseUrl: { connectionString: databaseUrl, connectionTimeoutMillis: 5000 },
    dir,
    direction: 'up',
    migrationsTable: TABLE,
    advisoryLockMode: 'wait',
    logger: { debug: () => {}, info: () => {}, warn: text => log.warn(text), error: text => log.debug(text) }
  })
  if (applied.length > 0) log.info({ applied: applied.map(({ name }) => name) }, 'schema migrated')
}

const TABLE = 'migrations'
const UNDEFINED_TABLE = '42P01'

async function isCurrent (pool: Pool, dir: string): Promise<boolean> {
  const wanted = (await readdir(dir)).filter(file => file.endsWith('.sql')).map(file => basename(file, '.sql'))
  const applied = await pool.query<{ name: string }>(`SELECT name FROM ${TABLE}`)
    .then(({ rows }) => new Set(rows.map(({ name }) => name)), nothingIfUndefinedTable)
  return wanted.every(name => applied.has(name))
}

function nothingIfUndefinedTable (err: { code?: string }): Set<string> {
  if (err.code === UNDEFINED_TABLE) return new Set()
  throw err
}
