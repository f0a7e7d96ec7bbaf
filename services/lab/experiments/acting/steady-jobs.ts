import type { JobRequest } from '#shared/jobs/job.ts'
import type { Stage } from './stage.ts'

const NOOP: JobRequest = { kind: 'noop', params: {} }
/** An API that does not answer is not asked by ever more. */
const AT_ONCE = 8

/** Offers jobs at a steady rate until it is stopped, whoever is away meanwhile. */
export class SteadyJobs {
  /** Of those that were accepted. */
  readonly ids: string[] = []
  notAccepted = 0
  readonly #stage: Pick<Stage, 'offer'>
  readonly #timer: NodeJS.Timeout
  readonly #inFlight = new Set<Promise<void>>()

  constructor (stage: Pick<Stage, 'offer'>, perSecond: number) {
    this.#stage = stage
    this.#timer = setInterval(() => this.#offer(), 1000 / perSecond)
  }

  /** Resolves when the last answer is there. */
  async stop (): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#inFlight)
  }

  #offer (): void {
    if (this.#inFlight.size >= AT_ONCE) return
    const offering = this.#stage.offer(NOOP).then(id => this.#count(id), () => this.#count(null))
    this.#inFlight.add(offering)
    offering.finally(() => this.#inFlight.delete(offering))
  }

  #count (id: string | null): void {
    if (id === null) this.notAccepted++
    else this.ids.push(id)
  }
}
