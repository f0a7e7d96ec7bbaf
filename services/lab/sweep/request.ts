import * as z from 'zod'
import { anyTarget, MAX_RATE } from '#lab/load/request.ts'
import type { SweepSpec } from '#lab/wire/sweep.ts'
import { jobKinds, type JobRequest } from '#shared/jobs/job.ts'

const MAX_P99_MS = 60_000
const usualGoal = { p99Ms: 250, maxFailedShare: 0.001, maxPressureShare: 0.1 }

/** The work is either requests or jobs, and only the worker has jobs. */
const either = 'expected either a path, for requests to the service, or a job, for the worker'

/** The body of POST /api/sweeps. As for a load, it names a service of the stack and a path, never an address. */
export const sweepRequest = z
  .strictObject({
    service: z.enum(['api', 'worker']).optional(),
    method: anyTarget.shape.method,
    path: anyTarget.shape.path.optional(),
    body: z.json().optional(),
    job: z.strictObject({ kind: z.enum(jobKinds), params: z.record(z.string(), z.json()).default({}) }).optional(),
    ratePerSecond: between(0.1, MAX_RATE),
    goal: z.strictObject({
      p99Ms: between(1, MAX_P99_MS).default(usualGoal.p99Ms),
      maxFailedShare: between(0, 1).default(usualGoal.maxFailedShare),
      maxPressureShare: between(0, 1).default(usualGoal.maxPressureShare)
    }).default(usualGoal),
    marginShare: between(0, 2).default(0.2)
  })
  .refine(({ path, job }) => (path === undefined) !== (job === undefined), { path: ['path'], error: either })
  .refine(({ job, service }) => job === undefined || service !== 'api', { path: ['service'], error: either })
  .refine(({ job, body, method }) => job === undefined || (body ?? method) === undefined, {
    path: ['job'],
    error: either
  })
  .refine(({ method, body }) => method !== 'GET' || body === undefined, {
    path: ['body'],
    error: 'only a POST has a body'
  })
  .transform(({ service, method, path, body, job, ...rest }): SweepSpec => job === undefined
    ? {
        ...rest,
        service: service ?? 'api',
        work: {
          kind: 'requests',
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          path: path!,
          ...(body !== undefined && { body })
        }
      }
    // The API checks the parameters of each kind, and refuses the first job if they are wrong.
    : { ...rest, service: 'worker', work: { kind: 'jobs', job: job as unknown as JobRequest } })

function between (min: number, max: number) {
  const error = `expected a number from ${min} to ${max}`
  return z.number({ error }).min(min, { error }).max(max, { error })
}
