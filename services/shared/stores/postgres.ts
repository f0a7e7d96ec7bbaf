import { Pool } from 'pg'
import type { Log } from '#shared/process/log.ts'

/** Connections to Postgres, few and impatient: a caller gets an answer or an error within seconds. */
export function createPool (connectionString: string, max: number, log: Log): Pool {
  const pool = new Pool({
    connectionString,
    max,
    connectionTimeoutMillis: 5000,
    statement_timeout: 5000,
    query_timeout: 6000,
    keepAlive: true
  })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', err => log.warn({ reason: err.message }, 'lost an idle connection to Postgres'))
  return pool
}
