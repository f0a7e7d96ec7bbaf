import type { JobsView, Reachability } from '#lab/wire/live.ts'
import type { Peer } from './peer.ts'

/** The answer of `/readyz` of the api and the worker. */
export interface Readiness { status: string, failing: string[], degraded: string[] }

interface Deps {
  api: Pick<Peer, 'ask' | 'json'>
  worker: Pick<Peer, 'ask' | 'json'>
  /** Whether a container of this service is present. Asked only while neither the api nor the worker answers. */
  isPresent: (service: string) => boolean
}

const LATEST = 20
const PATIENCE_MS = 2000
/** For experiments, which ask what is down and not what is slow: on an emulated host an answer may take seconds. */
export const EXPERIMENT_PATIENCE_MS = 8000

/** The services behind the lab, as they describe each other. The lab itself does not connect to the queue. */
export class Stack {
  readonly #deps: Deps
  /** Questions on their way, by their patience. */
  readonly #asking = new Map<number, Promise<JobsView>>()

  constructor (deps: Deps) {
    this.#deps = deps
  }

  /** Calls of equal patience share the answer that is on its way. */
  view (timeoutMs = PATIENCE_MS): Promise<JobsView> {
    let asking = this.#asking.get(timeoutMs)
    if (asking === undefined) {
      asking = this.#ask(timeoutMs).finally(() => { this.#asking.delete(timeoutMs) })
      this.#asking.set(timeoutMs, asking)
    }
    return asking
  }

  async #ask (timeoutMs: number): Promise<JobsView> {
    const { api, worker, isPresent } = this.#deps
    const [ofApi, ofWorker, jobs, metrics] = await Promise.all([
      api.json<Readiness>('/readyz', { timeoutMs }),
      worker.json<Readiness>('/readyz', { timeoutMs }),
      api.json<{ jobs?: JobsView['latest'] }>(`/jobs?limit=${LATEST}`, { timeoutMs }),
      worker.ask('/metrics', { timeoutMs }).then(({ text }) => text, () => null)
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

/** A store is up if one of the services that use it says so. */
export function storeState (
  store: string, readiness: Array<Readiness | null>, isPresent: (service: string) => boolean
): Reachability {
  const answers = readiness.filter(answer => answer !== null)
  if (answers.length === 0) return isPresent(store) ? 'up' : 'down'
  return answers.some(({ failing, degraded }) => !failing.includes(store) && !degraded.includes(store)) ? 'up' : 'down'
}

/** `queue_jobs{state="waiting"} 3`. The series are missing while Redis is down. */
export function queueOf (metrics: string): JobsView['queue'] {
  const count = (state: string): number | null => {
    const match = new RegExp(`^queue_jobs\\{state="${state}"\\} (\\d+)$`, 'm').exec(metrics)
    return match === null ? null : Number(match[1])
  }
  const waiting = count('waiting')
  const active = count('active')
  return waiting === null || active === null ? null : { waiting, active }
}
