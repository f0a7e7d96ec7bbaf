import type { JobsView, Reachability } from '#lab/wire/live.ts'
import type { Peer } from './peer.ts'

/** What `/readyz` of the api and the worker says. */
export interface Readiness { status: string, failing: string[], degraded: string[] }

interface Deps {
  api: Pick<Peer, 'ask' | 'json'>
  worker: Pick<Peer, 'ask' | 'json'>
  /** Is a container of this service there? Asked where nobody else can say. */
  isPresent: (service: string) => boolean
}

const LATEST = 20

/**
 * The services behind the lab, seen through what they say of each other; the lab itself has no business with the
 * stores.
 */
export class Stack {
  readonly #deps: Deps
  #asking: Promise<JobsView> | null = null

  constructor (deps: Deps) {
    this.#deps = deps
  }

  /** Whoever asks while an answer is on its way gets that one. */
  view (): Promise<JobsView> {
    this.#asking ??= this.#ask().finally(() => { this.#asking = null })
    return this.#asking
  }

  async #ask (): Promise<JobsView> {
    const { api, worker, isPresent } = this.#deps
    const [ofApi, ofWorker, jobs, metrics] = await Promise.all([
      api.json<Readiness>('/readyz'),
      worker.json<Readiness>('/readyz'),
      api.json<{ jobs?: JobsView['latest'] }>(`/jobs?limit=${LATEST}`),
      worker.ask('/metrics').then(({ text }) => text, () => null)
    ])
    return {
      at: new Date().toISOString(),
      services: {
        api: ofApi === null ? 'down' : 'up',
        worker: ofWorker === null ? 'down' : 'up',
        postgres: storeState('postgres', [ofApi, ofWorker], isPresent),
        redis: storeState('redis', [ofApi, ofWorker], isPresent)
      },
      queue: metrics === null ? null : queueOf(metrics),
      latest: jobs?.jobs ?? null
    }
  }
}

/** Up if one of those who use it says so. */
export function storeState (store: string, said: Array<Readiness | null>, isPresent: (service: string) => boolean): Reachability {
  const heard = said.filter(readiness => readiness !== null)
  if (heard.length === 0) return isPresent(store) ? 'up' : 'down'
  return heard.some(({ failing, degraded }) => !failing.includes(store) && !degraded.includes(store)) ? 'up' : 'down'
}

/** `queue_jobs{state="waiting"} 3`. The series are missing while Redis is away. */
export function queueOf (metrics: string): JobsView['queue'] {
  const count = (state: string): number | null => {
    const match = new RegExp(`^queue_jobs\\{state="${state}"\\} (\\d+)$`, 'm').exec(metrics)
    return match === null ? null : Number(match[1])
  }
  const waiting = count('waiting')
  const active = count('active')
  return waiting === null || active === null ? null : { waiting, active }
}
