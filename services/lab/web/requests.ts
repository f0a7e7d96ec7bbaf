/** What the page asks for besides the stream. */
import type { Beliefs, History } from '../wire.ts'
import type { JobRequest } from '../../shared/job.ts'
import { refusalWords } from './view/jobs.ts'

/** `null` = no answer; the next `hello` or the next look asks again. */
export const getHistory = () => get<History>('api/history')
export const getBeliefs = () => get<Beliefs[]>('api/whoami')

/** The new job's id, or why it was refused. */
export async function postJob (request: JobRequest): Promise<{ id: string } | { refusal: string }> {
  return send('api/jobs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) })
}

export async function cancelJob (id: string): Promise<{ id: string } | { refusal: string }> {
  return send(`api/jobs/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

async function get<T> (url: string): Promise<T | null> {
  try {
    const answer = await fetch(url, { headers: { accept: 'application/json' } })
    return answer.ok ? await answer.json() as T : null
  } catch {
    return null
  }
}

async function send (url: string, init: RequestInit): Promise<{ id: string } | { refusal: string }> {
  try {
    const answer = await fetch(url, init)
    const body: unknown = await answer.json().catch(() => null)
    return answer.ok ? { id: (body as { id?: string } | null)?.id ?? '' } : { refusal: refusalWords(answer.status, body) }
  } catch {
    return { refusal: 'the lab does not answer' }
  }
}
