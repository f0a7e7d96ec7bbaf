import type { JobKind } from '#shared/jobs/job.ts'
import { until } from '#support/until.ts'
import { post } from './api.ts'

export type Request = [JobKind, object]

const PATIENCE_MS = 240_000

/** A connection whose other end was killed may stay open and silent, so a careful client does not wait for ever. */
const SILENCE_MS = 20_000

/**
 * A careful client: it tries again when the connection breaks or the server fails, and trusts only a 202. A request
 * that was tried again may have left a row without an answer; `accepted` has only the jobs that were answered.
 */
export class Poster {
  readonly accepted: string[] = []
  tries = 0
  /** Tries that got neither an answer nor an error. */
  unanswered = 0
  #isStopped = false

  /** Posts with several clients at once, until there are no more requests or until `stop()`. */
  async post (requests: AsyncGenerator<Request>, clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.#client(requests)))
  }

  stop (): void { this.#isStopped = true }

  async #client (requests: AsyncGenerator<Request>): Promise<void> {
    for (;;) {
      const { value, done } = await requests.next()
      if (done || this.#isStopped) return
      const outcome = await until(() => this.#try(value), { what: 'a job to be accepted', timeoutMs: PATIENCE_MS })
      if (outcome !== 'done') throw new Error(outcome!)
    }
  }

  /** Resolves to `done`, to a reason not to try again, or to `null` to try again. */
  async #try ([kind, params]: Request): Promise<string | null> {
    if (this.#isStopped) return 'done'
    this.tries++
    const silence = AbortSignal.timeout(SILENCE_MS)
    const res = await post(kind, params, silence).catch(err => {
      if (silence.aborted) this.unanswered++
      throw err
    })
    if (res.status >= 500) return null
    if (res.status !== 202) return `POST /jobs was refused with ${res.status}: ${await res.text()}`
    this.accepted.push((await res.json() as { id: string }).id)
    return 'done'
  }
}
