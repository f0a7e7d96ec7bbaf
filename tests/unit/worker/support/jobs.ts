import type { Job, JobRequest, JobOutcome } from '#shared/jobs/job.ts'

export function jobOf (request: JobRequest = { kind: 'noop', params: {} }): Job {
  return {
    ...request,
    id: '019ab000-0000-7000-8000-000000000001',
    status: 'running',
    attempts: 1,
    createdAt: new Date(0),
    startedAt: new Date(1),
    finishedAt: null,
    worker: 'w1',
    usage: null,
    result: null,
    error: null
  }
}

export const succeeded: JobOutcome = { status: 'succeeded', usage: null, result: {}, error: null }
export const crashed: JobOutcome = { status: 'failed', usage: null, result: null, error: { code: 'crashed', message: 'x' } }
