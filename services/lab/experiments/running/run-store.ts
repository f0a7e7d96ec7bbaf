import type { Pool } from 'pg'
import type { Run, RunView } from '#lab/wire/experiments.ts'
import { query } from '#shared/stores/postgres.ts'

/** Enough to look back at; each takes some hundred kilobytes. */
const MOST_RUNS = 200

/** The runs table. Every method throws StoreUnavailable while Postgres is away. */
export class RunStore {
  readonly #pool: Pool

  constructor (pool: Pool) {
    this.#pool = pool
  }

  /** Inserts a run, or replaces the one with its id. The oldest runs make room. */
  async save ({ recording, facts, ...view }: Run): Promise<void> {
    await query(this.#pool,
      `INSERT INTO runs (id, experiment, started_at, view, recording, facts) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET view = excluded.view, recording = excluded.recording, facts = excluded.facts`,
      [view.id, view.experiment, view.startedAt, json(view), json(recording), json(facts)])
    await query(this.#pool, 'DELETE FROM runs WHERE id IN (SELECT id FROM runs ORDER BY number DESC OFFSET $1)', [MOST_RUNS])
  }

  async find (id: string): Promise<Run | null> {
    const [row] = await query<{ view: RunView, recording: Run['recording'], facts: unknown }>(this.#pool,
      'SELECT view, recording, facts FROM runs WHERE id = $1', [id])
    return row === undefined ? null : { ...row.view, recording: row.recording, facts: row.facts }
  }

  /** Newest first, by when they were saved first. */
  async list ({ experiment, limit }: { experiment?: string | undefined, limit: number }): Promise<RunView[]> {
    const rows = await query<{ view: RunView }>(this.#pool,
      'SELECT view FROM runs WHERE ($1::text IS NULL OR experiment = $1) ORDER BY number DESC LIMIT $2',
      [experiment, limit])
    return rows.map(({ view }) => view)
  }

  /** At the start of the lab: a run that is still marked as running was left behind by the lab before. */
  async interruptRunning (): Promise<void> {
    await query(this.#pool,
      "UPDATE runs SET view = view || $1 WHERE view ->> 'state' = 'running'",
      [json({ state: 'interrupted', phase: null, startedUptimeSeconds: null })])
  }
}

function json (value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}
