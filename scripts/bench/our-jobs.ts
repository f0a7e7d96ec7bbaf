import autocannon, { type Result } from 'autocannon'
import { IN_FLIGHT, type JobWay, type Posting, type Times } from './job-way.ts'
import type { Stack } from './stack.ts'

/** Asking costs the API and Postgres something, so it is done seldom. */
const POLL_MS = 500

/** Our own way: POST /jobs, and the worker as it is. */
export class OurJobs implements JobWay {
  readonly stack: Stack

  constructor (stack: Stack) { this.stack = stack }

  async post (jobs: number): Promise<Posting> {
    const startedMs = performance.now()
    let lastAnswerMs = startedMs
    const { non2xx, errors, latency } = await this.#send(jobs, () => { lastAnswerMs = performance.now() })
    if (non2xx + errors > 0) throw new Error(`POST /jobs: ${non2xx} refused, ${errors} errors`)
    return { seconds: (lastAnswerMs - startedMs) / 1000, p50Ms: latency.p50, p99Ms: latency.p99 }
  }

  /** autocannon itself ends at a full second only, so each answer is noted. */
  #send (jobs: number, onAnswer: () => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      const load = autocannon({
        url: `${this.stack.url}/jobs`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"kind":"noop"}',
        connections: IN_FLIGHT,
        amount: jobs
      }, (err: Error | null, result) => { if (err) reject(err); else resolve(result) })
      load.on('response', onAnswer)
    })
  }

  async ended (): Promise<void> { await this.stack.idle(POLL_MS) }

  async times (jobs: number): Promise<Times> {
    const answer = await this.stack.compose('exec', '-T', 'postgres', 'psql', '--username=limits_lab', '--no-align',
      '--tuples-only', '--command', timesOf(jobs))
    const { succeeded, ...times } = JSON.parse(answer) as Times & { succeeded: number }
    if (succeeded !== jobs) throw new Error(`${succeeded} of ${jobs} jobs succeeded`)
    return times
  }
}

/** The rows themselves say when: no client saw every job. */
function timesOf (jobs: number): string {
  const ms = (time: string): string => `(extract(epoch FROM ${time}) * 1000)::float`
  return `SELECT json_build_object('succeeded', count(*) FILTER (WHERE status = 'succeeded'),
      'firstAcceptedMs', ${ms('min(created_at)')}, 'firstStartedMs', ${ms('min(started_at)')},
      'lastEndedMs', ${ms('max(finished_at)')})
    FROM (SELECT * FROM jobs ORDER BY number DESC LIMIT ${jobs}) AS last`
}
