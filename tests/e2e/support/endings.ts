import { sql } from './sql.ts'

/**
 * Lets Postgres note every statement after which a job has ended: the first one ends it, and any further one changes
 * the record. So "recorded once" is counted where it happens.
 */
export async function watchEndings (): Promise<void> {
  await sql(`
    CREATE TABLE e2e_endings (id uuid NOT NULL);
    CREATE FUNCTION e2e_note_ending () RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO e2e_endings VALUES (NEW.id); RETURN NULL; END';
    CREATE TRIGGER e2e_endings AFTER INSERT OR UPDATE ON jobs
      FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION e2e_note_ending ()`)
}

export async function forgetEndings (): Promise<void> {
  await sql(`
    DROP TRIGGER IF EXISTS e2e_endings ON jobs;
    DROP FUNCTION IF EXISTS e2e_note_ending;
    DROP TABLE IF EXISTS e2e_endings`)
}

/** For each job, how often its end was recorded. */
export async function endings (): Promise<Map<string, number>> {
  const rows = await sql('SELECT id, count(*) FROM e2e_endings GROUP BY id')
  return new Map(rows.map(([id, count]) => [id!, Number(count)]))
}

/** For each outcome, the number of jobs since this one. */
export async function outcomesSince (id: string): Promise<Record<string, number>> {
  const rows = await sql(`
    SELECT status || coalesce(' ' || (error->>'code'), ''), count(*) FROM jobs WHERE id >= '${id}' GROUP BY 1 ORDER BY 1`)
  return Object.fromEntries(rows.map(([outcome, count]) => [outcome, Number(count)]))
}

/** A hash of everything that is recorded about all jobs, except for `checked_at`, which may change at any time. */
export async function fingerprint (): Promise<string> {
  const [row] = await sql(`
    SELECT md5(string_agg(concat_ws('|', id, status, attempts, created_at, started_at, finished_at, worker, usage, result, error), '\n' ORDER BY id))
    FROM jobs`)
  return row![0]!
}

export async function unfinished (): Promise<number> {
  const [row] = await sql('SELECT count(*) FROM jobs WHERE finished_at IS NULL')
  return Number(row![0])
}
