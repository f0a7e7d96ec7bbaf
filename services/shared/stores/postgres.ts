import { DatabaseError, Pool, type QueryResultRow } from 'pg'
import type { Log } from '#shared/process/log.ts'

/**
 * Connections to Postgres. There are few and they are impatient: a caller gets an answer or an error within seconds.
 */
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

/** Postgres could not be asked, or could not answer. The same request may succeed later. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}

/** A statement with a name is parsed and planned once by each connection, and not every time. */
export interface Statement { name?: string, text: string }

/** The rows of one statement. @throws StoreUnavailable if the failure is not the statement's fault */
export async function query<Row extends QueryResultRow> (
  pool: Pool, statement: string | Statement, values: unknown[]
): Promise<Row[]> {
  const { text, ...name } = typeof statement === 'string' ? { text: statement } : statement
  try {
    return (await pool.query<Row>({ text, values, ...name })).rows
  } catch (err) {
    if (isOutage(err)) throw new StoreUnavailable('Postgres does not answer', { cause: err })
    throw err
  }
}

/** Whether Postgres itself refused or ended the statement, so that it can answer another one. */
export function isRefusal (err: unknown): boolean {
  return err instanceof DatabaseError || (err instanceof StoreUnavailable && err.cause instanceof DatabaseError)
}

/**
 * Whether the statement is not at fault: there is no connection or no answer in time, the server is starting, stopping,
 * full or read-only, or the schema does not exist yet (42P01). SQLSTATE classes:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isOutage (err: unknown): boolean {
  if (!(err instanceof DatabaseError)) return true
  return /^(08|53|57|58|25006|42P01)/.test(err.code ?? '')
}
