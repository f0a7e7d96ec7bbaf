import type * as z from 'zod'
import { jobAnswer } from '#api/schemas.ts'
import type { JobKind } from '#shared/jobs/job.ts'
import { until } from '#support/until.ts'
import { stack } from './stack.ts'

export type JobAnswer = z.infer<typeof jobAnswer>

/** Sends a request to the api through its published port, as any client does. */
export function api (path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${stack().apiPort}${path}`, init)
}

export function post (kind: JobKind, params: object = {}, signal?: AbortSignal): Promise<Response> {
  return api('/jobs', {
    method: 'POST',
    signal: signal ?? null,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ kind, params })
  })
}

/** Posts a job that must be accepted. */
export async function accept (kind: JobKind, params: object = {}): Promise<JobAnswer> {
  const res = await post(kind, params)
  if (res.status !== 202) throw new Error(`POST /jobs ${kind}: ${res.status} ${await res.text()}`)
  return jobAnswer.parse(await res.json())
}

export async function job (id: string): Promise<JobAnswer> {
  const res = await api(`/jobs/${id}`)
  if (res.status !== 200) throw new Error(`GET /jobs/${id}: ${res.status} ${await res.text()}`)
  return jobAnswer.parse(await res.json())
}

export function untilFinished (id: string, timeoutMs = 60_000): Promise<JobAnswer> {
  return untilJob(id, 'finished', found => found.finishedAt !== null, timeoutMs)
}

export function untilRunning (id: string, attempt = 1, timeoutMs = 60_000): Promise<JobAnswer> {
  const isRunning = ({ status, attempts }: JobAnswer) => status === 'running' && attempts === attempt
  return untilJob(id, `running for the ${attempt}. time`, isRunning, timeoutMs)
}

async function untilJob (
  id: string, state: string, holds: (found: JobAnswer) => boolean, timeoutMs: number
): Promise<JobAnswer> {
  let found: JobAnswer | undefined
  await until(async () => holds(found = await job(id)), { what: `job ${id} to be ${state}`, timeoutMs })
  return found!
}
