import type { Pool, QueryResultRow } from 'pg'
import { isRefusal, query, type Statement } from '#shared/stores/postgres.ts'
import { together } from '#shared/stores/together.ts'
import type { FailureCode, Job, JobKind, JobRequest, JobStatus, JobOutcome } from './job.ts'

export interface JobFilter {
  status?: JobStatus | undefined
  kind?: JobKind | undefined
  limit: number
  /** Only jobs older than the one with this id. */
  cursor?: string | undefined
}

/** An attempt that started and ended at once. */
export interface EndedAttempt extends JobOutcome { id: string, worker: string, maxAttempts: number }

const COLUMNS = `id, kind, params, status, attempts, created_at AS "createdAt", started_at AS "startedAt",
  finished_at AS "finishedAt", worker, usage, result, error`

/**
 * Says in other words what the index `jobs_unfinished` is made for, so that a statement that looks for ids does not go
 * through all unfinished jobs: a plan that was made while there were few of them would stay.
 */
const UNFINISHED = 'finished_at IS NULL'

/** One statement for all jobs that arrive together. They are numbered in the order in which they came. */
const CREATE: Statement = {
  name: 'create_jobs',
  text: `WITH asked AS MATERIALIZED (
      SELECT uuidv7() AS id, kind, params, place
      FROM ROWS FROM (jsonb_to_recordset($1) AS (kind text, params jsonb)) WITH ORDINALITY AS _ (kind, params, place)
    ), created AS (
      INSERT INTO jobs (id, kind, params) SELECT id, kind, params FROM asked ORDER BY place RETURNING ${COLUMNS}
    )
    SELECT created.* FROM created JOIN asked USING (id) ORDER BY place`
}

const START: Statement = {
  name: 'start_job',
  text: `UPDATE jobs SET status = 'running', attempts = attempts + 1, started_at = now(), worker = $2
    WHERE id = $1 AND ${UNFINISHED} AND NOT cancel_requested AND attempts < $3 RETURNING ${COLUMNS}`
}

const FINISH: Statement = {
  name: 'finish_job',
  text: `UPDATE jobs SET status = $2, usage = $3, result = $4, error = $5, finished_at = now()
    WHERE id = $1 AND ${UNFINISHED} RETURNING id`
}

/** It is planned each time, because how a join is done best depends on how many jobs there are by then. */
const START_AND_FINISH: Statement = {
  text: `UPDATE jobs SET status = ended.status, usage = ended.usage, result = ended.result, error = ended.error,
      attempts = attempts + 1, worker = ended.worker, started_at = now(), finished_at = now()
    FROM jsonb_to_recordset($1) AS ended
      (id uuid, worker text, "maxAttempts" integer, status text, usage jsonb, result jsonb, error jsonb)
    WHERE jobs.id = ended.id AND ${UNFINISHED} AND NOT cancel_requested AND attempts < "maxAttempts"
    RETURNING jobs.id`
}

/**
 * The jobs table is the truth about every job. A job is accepted once its row is committed, and ends once: every
 * statement that ends a job requires that it has not ended yet.
 */
export class JobStore {
  readonly #pool: Pool
  /** Resolves when the row is committed. */
  readonly create: (request: JobRequest) => Promise<Job>
  /**
   * Records start and end of an attempt that was over at once. `false`: the job has ended, was cancelled, or has no
   * attempt left, and nothing was changed.
   */
  readonly startAndFinish: (attempt: EndedAttempt) => Promise<boolean>

  constructor (pool: Pool) {
    this.#pool = pool
    this.create = together(requests => this.#query<Job>(CREATE, [JSON.stringify(requests)]), isRefusal)
    this.startAndFinish = together(attempts => this.#startAndFinish(attempts), isRefusal)
  }

  async find (id: string): Promise<Job | null> {
    const [job] = await this.#query<Job>(`SELECT ${COLUMNS} FROM jobs WHERE id = $1`, [id])
    return job ?? null
  }

  /** Newest first, by the order in which they were created. */
  async list ({ status, kind, limit, cursor }: JobFilter): Promise<Job[]> {
    return this.#query<Job>(
      `SELECT ${COLUMNS} FROM jobs
       WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR number < (SELECT number FROM jobs WHERE id = $3))
       ORDER BY number DESC LIMIT $4`,
      [status, kind, cursor, limit])
  }

  /** Ends a queued job; requests the end of a running one. `null`: there is no such job, or it has already ended. */
  async cancel (id: string): Promise<Job | null> {
    const [job] = await this.#query<Job>(
      `UPDATE jobs SET cancel_requested = true,
         status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,
         finished_at = CASE status WHEN 'queued' THEN now() END,
         error = CASE status WHEN 'queued' THEN $2::jsonb END
       WHERE id = $1 AND ${UNFINISHED} RETURNING ${COLUMNS}`,
      [id, { code: 'cancelled', message: 'cancelled before it started' }])
    return job ?? null
  }

  /** Marks the start of an attempt. `null`: the job has ended, was cancelled, or has no attempt left. */
  async start (id: string, worker: string, maxAttempts: number): Promise<Job | null> {
    const [job] = await this.#query<Job>(START, [id, worker, maxAttempts])
    return job ?? null
  }

  /** Ends a job that `start` refused, because it was cancelled or lost its workers. Returns the reason, or `null`. */
  async endUnstartable (id: string): Promise<FailureCode | null> {
    const [job] = await this.#query<{ code: FailureCode }>(
      `UPDATE jobs SET finished_at = now(),
         status = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'failed' END,
         error = CASE WHEN cancel_requested THEN $2::jsonb
           ELSE jsonb_build_object('code', 'worker_lost', 'message', 'the worker died during each of ' || attempts || ' attempts') END
       WHERE id = $1 AND ${UNFINISHED} RETURNING error->>'code' AS code`,
      [id, { code: 'cancelled', message: 'cancelled; the worker that ran it is gone' }])
    return job?.code ?? null
  }

  /** Records how a job ended. `false`: it had already ended, and nothing was changed. */
  async finish (id: string, { status, usage, result, error }: JobOutcome): Promise<boolean> {
    const rows = await this.#query(FINISH, [id, status, usage, result, error])
    return rows.length === 1
  }

  /** Puts the job back into the queue, as if this attempt had never been made. */
  async giveBack (id: string): Promise<void> {
    await this.#query(
      `UPDATE jobs SET status = 'queued', attempts = attempts - 1, started_at = NULL, worker = NULL
       WHERE id = $1 AND status = 'running'`, [id])
  }

  async isCancelRequested (id: string): Promise<boolean> {
    const rows = await this.#query('SELECT 1 FROM jobs WHERE id = $1 AND cancel_requested', [id])
    return rows.length === 1
  }

  /**
   * Takes unfinished jobs that were not compared with the queue for `ageMs`, and marks them as compared now. Several
   * callers share the work: each skips the rows that another one has locked. A job that was compared in the future was
   * compared before the clock was set back: without the second bound it would wait for as long as the clock was wrong.
   */
  async takeUnchecked (ageMs: number, limit: number): Promise<Array<{ id: string, kind: JobKind }>> {
    return this.#query(
      `UPDATE jobs SET checked_at = now() WHERE id IN (
         SELECT id FROM jobs WHERE status IN ('queued', 'running')
           AND checked_at NOT BETWEEN now() - $1 * interval '1 millisecond' AND now() + $1 * interval '1 millisecond'
         ORDER BY checked_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id, kind`, [ageMs, limit])
  }

  async ping (): Promise<void> {
    await this.#query('SELECT 1', [])
  }

  /** Of two attempts at the same job only the first is recorded. */
  async #startAndFinish (attempts: readonly EndedAttempt[]): Promise<boolean[]> {
    const firsts = new Map(attempts.toReversed().map(attempt => [attempt.id, attempt]))
    const rows = await this.#query<{ id: string }>(START_AND_FINISH, [JSON.stringify([...firsts.values()])])
    const recorded = new Set(rows.map(({ id }) => id))
    return attempts.map(attempt => firsts.get(attempt.id) === attempt && recorded.has(attempt.id))
  }

  #query<Row extends QueryResultRow> (statement: string | Statement, values: unknown[]): Promise<Row[]> {
    return query<Row>(this.#pool, statement, values)
  }
}
