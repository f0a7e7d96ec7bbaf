/** What the page requests from the lab, besides the stream. */
import type { ExperimentView, Run, RunView } from '#lab/wire/experiments.ts'
import type { LimitRequest } from '#lab/wire/limits.ts'
import type { Beliefs, History, NewJob } from '#lab/wire/live.ts'
import type { LoadView } from '#lab/wire/load.ts'
import type { SweepView } from '#lab/wire/sweep.ts'

/** What was asked for, or in words why it was refused. */
export type Answer<T> = { body: T } | { refusal: string }

/** `null` = there was no answer; the page asks again at the next `hello` or at the next interval. */
export const getHistory = () => orNull(ask<History>('api/history'))
export const getBeliefs = () => orNull(ask<Beliefs[]>('api/whoami'))

export const postJob = (request: NewJob) => ask<{ id: string }>('api/jobs', posted(request))
export const cancelJob = (id: string) => ask<{ id: string }>(`api/jobs/${encodeURIComponent(id)}`, { method: 'DELETE' })

export const getExperiments = () => ask<{ experiments: ExperimentView[], running: RunView | null }>('api/experiments')
/** All that the lab keeps. */
export const getRuns = () => ask<{ runs: RunView[] }>('api/runs?limit=200')
export const getRun = (id: string) => ask<Run>(runPath(id))
export const startRun = (experiment: string, prediction: string | null) =>
  ask<RunView>(`api/experiments/${encodeURIComponent(experiment)}/runs`, posted({ prediction }))
export const cancelRun = (id: string) => ask<RunView>(runPath(id), { method: 'DELETE' })
export const runPath = (id: string) => `api/runs/${encodeURIComponent(id)}`

export const getLoads = () => ask<{ loads: LoadView[] }>('api/loads')
export const startLoad = (request: unknown) => ask<LoadView>('api/loads', posted(request))
export const cancelLoad = (id: string) => ask<LoadView>(`api/loads/${encodeURIComponent(id)}`, { method: 'DELETE' })

export const getSweeps = () => ask<{ sweeps: SweepView[] }>('api/sweeps')
export const startSweep = (request: unknown) => ask<SweepView>('api/sweeps', posted(request))
export const cancelSweep = (id: string) => ask<SweepView>(`api/sweeps/${encodeURIComponent(id)}`, { method: 'DELETE' })

/** The answer is for scripts: the page gets the stream's event. */
export const setLimits = (request: LimitRequest) => ask<unknown>('api/limits', posted(request))

function posted (body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

async function ask<T> (url: string, init: RequestInit = {}): Promise<Answer<T>> {
  try {
    const answer = await fetch(url, { ...init, headers: { accept: 'application/json', ...init.headers } })
    const body: unknown = await answer.json().catch(() => null)
    return answer.ok ? { body: body as T } : { refusal: refusalWords(answer.status, body) }
  } catch {
    return { refusal: 'The lab does not answer.' }
  }
}

/** Why a request was refused, from problem details (RFC 9457) or, without them, from the status. */
export function refusalWords (status: number, body: unknown): string {
  const { detail, title, faults } = (typeof body === 'object' && body !== null ? body : {}) as
    { detail?: string, title?: string, faults?: Array<{ at: string, detail: string }> }
  const sentence = detail ?? title ?? `the answer was ${status}`
  const where = (faults ?? []).map(fault => `${fault.at}: ${fault.detail}`).join('; ')
  return where === '' ? sentence : `${sentence} (${where})`
}

async function orNull<T> (answer: Promise<Answer<T>>): Promise<T | null> {
  const given = await answer
  return 'body' in given ? given.body : null
}
