/** How the jobs of a trial went, from what the API says about them. Pure. */
import type { EndedJob } from '#lab/experiments/judging/evidence.ts'
import type { WorkDone } from './figures.ts'

/** A job as JSON has it, with its times as text. */
export type TimedJob = EndedJob & { createdAt: string, finishedAt: string | null }

/** `null`: a job that the API does not know, or that had not ended when the patience was over. In order of arrival. */
export function jobsDone (jobs: Array<TimedJob | null>, notAccepted: number, seconds: number): WorkDone {
  const took = jobs.map(msOf)
  const half = Math.ceil(took.length / 2)
  return {
    seconds,
    due: jobs.length + notAccepted,
    failed: jobs.filter(job => job?.status !== 'succeeded').length + notAccepted,
    p50Ms: percentile(took, 0.5),
    p99Ms: percentile(took, 0.99),
    halvesP50Ms: [percentile(took.slice(0, half), 0.5), percentile(took.slice(half), 0.5)],
    doubt: null
  }
}

/** From when it was accepted until it ended. A job that has not ended has waited longer than any that has. */
function msOf (job: TimedJob | null): number {
  return job?.finishedAt == null ? Infinity : Date.parse(job.finishedAt) - Date.parse(job.createdAt)
}

/** The nearest rank. `null`: there is none, or it has not ended. */
function percentile (values: number[], share: number): number | null {
  const value = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)]
  return value === undefined || value === Infinity ? null : value
}
