import type { Time } from '#lab/clock.ts'
import type { ChangedService, LimitRequest } from '#lab/wire/limits.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { ChangedLimits, LimitChange } from '#shared/limits/change.ts'
import type { Log } from '#shared/process/log.ts'

/** A lease is renewed this many times before it ends, so that a slow answer does not lose it. */
const RENEWALS = 3

export type Change = (change: LimitChange) => Promise<ChangedLimits>

/** One service's change, with all that was asked for so far. */
interface Held {
  asked: LimitChange
  view: ChangedService
  /** On the clock of `nowMs`. */
  renewAtMs: number
  leaseMs: number
  untilMs: number | null
}

interface Deps {
  /** `null`: there is no broker. */
  change: Change | null
  onChange: () => void
  log: Log
  time: Pick<Time, 'moment'>
}

/**
 * The limits that somebody changed. The broker puts back what is not asked for again, so this asks again for as long as
 * it is wanted; when the lab dies, nobody does.
 */
export class Changes {
  readonly #deps: Deps
  readonly #held = new Map<string, Held>()
  #isTicking = false

  constructor (deps: Deps) { this.#deps = deps }

  get canChange (): boolean { return this.#deps.change !== null }

  all (): ChangedService[] {
    return [...this.#held.values()].map(({ view }) => view).toSorted((a, b) => a.service < b.service ? -1 : 1)
  }

  find (service: string): ChangedService | null { return this.#held.get(service)?.view ?? null }

  /** @throws Refusal; what was changed before stays as it is then */
  async request ({ forSeconds, ...change }: LimitRequest, by: ChangedService['by']): Promise<ChangedLimits> {
    const earlier = this.#held.get(change.service)
    const answer = await this.#ask(change)
    if (answer.leaseSeconds === null) this.#held.delete(change.service)
    else this.#held.set(change.service, this.#hold({ ...earlier?.asked, ...change }, answer, by, forSeconds ?? null))
    this.#deps.onChange()
    return answer
  }

  /** Puts back what the definition says, of all limits of a service. */
  async putBack (service: string): Promise<ChangedLimits> {
    return this.request({ service, memoryBytes: null, cpus: null, pids: null }, 'hand')
  }

  /** Renews what is wanted on, and puts back what is not. To be called every second. */
  tick (): void {
    if (this.#isTicking || this.#held.size === 0) return
    this.#isTicking = true
    this.#renewAll().finally(() => { this.#isTicking = false })
  }

  async #renewAll (): Promise<void> {
    const nowMs = this.#nowMs()
    for (const held of [...this.#held.values()]) {
      const isOver = held.untilMs !== null && held.untilMs <= nowMs
      if (isOver) await this.putBack(held.asked.service).catch(err => this.#fail(held, err))
      else if (held.renewAtMs <= nowMs) await this.#renew(held)
    }
  }

  /** Puts everything back. What does not answer is put back by the broker, when the lease ends. */
  async close (): Promise<void> {
    await Promise.all([...this.#held.values()].map(held =>
      this.putBack(held.asked.service).catch(err => this.#fail(held, err))))
  }

  async #ask (change: LimitChange): Promise<ChangedLimits> {
    if (this.#deps.change === null) throw noBroker()
    return this.#deps.change(change)
  }

  #hold (asked: LimitChange, answer: ChangedLimits, by: ChangedService['by'], forSeconds: number | null): Held {
    const { service, now, before, leaseSeconds } = answer
    const { atMs, monotonicMs } = this.#deps.time.moment()
    const leaseMs = leaseSeconds! * 1000
    const forMs = forSeconds === null ? null : forSeconds * 1000
    const until = forMs === null ? null : new Date(atMs + forMs).toISOString()
    return {
      asked,
      view: { service, now, before, by, changedAt: new Date(atMs).toISOString(), until, fault: null },
      leaseMs,
      untilMs: forMs === null ? null : monotonicMs + forMs,
      renewAtMs: monotonicMs + leaseMs / RENEWALS
    }
  }

  #nowMs (): number { return this.#deps.time.moment().monotonicMs }

  /** What is below use by now was not so when it was set: it is renewed all the same. */
  async #renew (held: Held): Promise<void> {
    held.renewAtMs = this.#nowMs() + held.leaseMs / RENEWALS
    try {
      const { now, before } = await this.#ask({ ...held.asked, evenBelowUse: true })
      if (held.view.fault === null) return
      held.view = { ...held.view, now, before, fault: null }
      this.#deps.onChange()
    } catch (err) {
      this.#fail(held, err)
    }
  }

  #fail (held: Held, err: unknown): void {
    if (!(err instanceof Refusal)) throw err
    held.view = { ...held.view, fault: err.details.detail }
    this.#deps.log.warn({ service: held.view.service, reason: err.message }, 'limits not renewed')
    this.#deps.onChange()
  }
}

export function noBroker (): Refusal {
  const detail = 'Nothing here may change limits. Start the broker as well (compose.limits.yaml, or ' +
    'scripts/attach PROJECT --limits), or type `docker update` in a terminal.'
  return new Refusal({ status: 409, code: 'no_broker', detail })
}
