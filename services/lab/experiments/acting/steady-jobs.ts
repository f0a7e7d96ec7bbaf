import type { JobRequest } from '#shared/jobs/job.ts'
import type { Stage } from './stage.ts'

const NOOP: JobRequest = { kind: 'noop', params: {} }
/** The most offers in flight: requests to an API that does not answer must not pile up. */
const MOST_AT_ONCE = 8

/** Offers jobs at a steady rate until it is stopped, even while services are away. */
export class SteadyJobs {
  /** The ids of the accepted jobs. */
  readonly ids: string[] = []
  notAccepted = 0
  readonly #stage: Pick<Stage, 'offer'>
  readonly #request: JobRequest
  readonly #timer: NodeJS.Timeout
  readonly #inFlight = new Set<Promise<void>>()

  constructor (stage: Pick<Stage, 'offer'>, perSecond: number, request = NOOP) {
    this.#stage = stage
    this.#request = request
    this.#timer = setInterval(() => this.#offer(), 1000 / perSecond)
  }

  /** Resolves when every offer has its answer. */
  async stop (): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#inFlight)
  }

  #offer (): void {
    if (this.#inFlight.size >= MOST_AT_ONCE) return
    const offering = this.#stage.offer(this.#request).then(id => this.#count(id), () => this.#count(null))
    this.#inFlight.add(offering)
    offering.finally(() => this.#inFlight.delete(offering))
  }

  #count (id: string | null): void {
    if (id === null) this.notAccepted++
    else this.ids.push(id)
  }
}
