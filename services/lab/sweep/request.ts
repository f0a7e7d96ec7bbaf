import * as z from 'zod'
import { anyTarget, foundTarget, MAX_RATE } from '#lab/load/request.ts'
import type { SweepSpec } from '#lab/wire/sweep.ts'
import { jobKinds, type JobRequest } from '#shared/jobs/job.ts'

const MAX_P99_MS = 60_000
const usualGoal = { p99Ms: 250, maxFailedShare: 0.001, maxPressureShare: 0.1 }

/** The work is either requests or jobs, and only the worker has jobs. */
const either = 'expected either a path, for requests to the service, or a job, for the worker'

/** What a sweep may be, apart from whom it is about. */
const anySweep = z.strictObject({
  method: anyTarget.shape.method,
  path: anyTarget.shape.path,
  body: z.json().optional(),
  ratePerSecond: between(0.1, MAX_RATE),
  goal: z.strictObject({
    p99Ms: between(1, MAX_P99_MS).default(usualGoal.p99Ms),
    maxFailedShare: between(0, 1).default(usualGoal.maxFailedShare),
    maxPressureShare: between(0, 1).default(usualGoal.maxPressureShare)
  }).default(usualGoal),
  marginShare: between(0, 2).default(0.2),
  only: z.enum(['cpus', 'memory']).nullable().default(null)
})

const job = z.strictObject({ kind: z.enum(jobKinds), params: z.record(z.string(), z.json()).default({}) })
const onlyAPost = { path: ['body'], error: 'only a POST has a body' }

/** The body of POST /api/sweeps. As for a load, it names a service of the stack and a path, never an address. */
export const sweepRequest: z.ZodType<SweepSpec> = anySweep
  .extend({ service: z.enum(['api', 'worker']).optional(), path: anySweep.shape.path.optional(), job: job.optional() })
  .refine(({ path, job }) => (path === undefined) !== (job === undefined), { path: ['path'], error: either })
  .refine(({ job, service }) => job === undefined || service !== 'api', { path: ['service'], error: either })
  .refine(({ job, body, method }) => job === undefined || (body ?? method) === undefined, {
    path: ['job'],
    error: either
  })
  .refine(hasBodyToPost, onlyAPost)
  .transform(({ service, method, path, body, job, ...rest }): SweepSpec => job === undefined
    ? { ...rest, service: service ?? 'api', work: requestsOf(method, path!, body) }
    // The API checks the parameters of each kind, and refuses the first job if they are wrong.
    : { ...rest, service: 'worker', work: { kind: 'jobs', job: job as unknown as JobRequest } })

/** The same where the lab is attached to another project: requests to a service that was found there. */
export function attachedSweepRequest (found: () => string[]): z.ZodType<SweepSpec> {
  return anySweep.extend(foundTarget(found))
    .refine(hasBodyToPost, onlyAPost)
    .transform(({ method, path, body, ...rest }): SweepSpec => ({ ...rest, work: requestsOf(method, path, body) }))
}

type Requests = z.output<typeof anySweep>

function hasBodyToPost ({ method, body }: Pick<Requests, 'method' | 'body'>): boolean {
  return method !== 'GET' || body === undefined
}

function requestsOf (method: Requests['method'], path: string, body: Requests['body']): SweepSpec['work'] {
  const usual = body === undefined ? 'GET' : 'POST'
  return { kind: 'requests', method: method ?? usual, path, ...(body !== undefined && { body }) }
}

function between (min: number, max: number) {
  const error = `expected a number from ${min} to ${max}`
  return z.number({ error }).min(min, { error }).max(max, { error })
}
