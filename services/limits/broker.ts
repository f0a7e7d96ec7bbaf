import { Refusal } from '#shared/http/problem.ts'
import type { ChangedLimits, ContainerLimits, LimitChange } from '#shared/limits/change.ts'
import type { Log } from '#shared/process/log.ts'
import { UpdateFailed, type Containers } from './containers.ts'
import { areEqual, belowUse, wanted } from './decide.ts'
import type { KernelState } from './kernel.ts'
import type { Kept } from './kept.ts'

export interface BrokerDeps {
  containers: Containers
  stateOf: (id: string) => KernelState | null
  kept: { read: () => Map<string, Kept>, write: (kept: ReadonlyMap<string, Kept>) => void }
  /** Milliseconds of a clock that never goes back. */
  nowMs: () => number
  log: Log
}

export interface BrokerOptions {
  leaseSeconds: number
  /** The service that may not be changed: a broker that has no memory or CPU left could put nothing back. */
  own: string
}

interface Target { id: string, state: KernelState, before: ContainerLimits, to: ContainerLimits }

/**
 * Changes the limits of running containers for as long as somebody wants it. What there was is kept before anything is
 * changed, and put back when the lease of a container ends.
 */
export class Broker {
  readonly #deps: BrokerDeps
  readonly #options: BrokerOptions
  readonly #kept: Map<string, Kept>
  readonly #expiresAtMs = new Map<string, number>()
  /** Containers whose limits could not be put back, which is logged once. */
  readonly #failing = new Set<string>()
  /** One thing at a time: two changes of one container would each take the other's values for those before. */
  #last: Promise<unknown> = Promise.resolve()

  /** What an earlier broker changed has a lease that begins now. */
  constructor (deps: BrokerDeps, options: BrokerOptions) {
    this.#deps = deps
    this.#options = options
    this.#kept = deps.kept.read()
    for (const id of this.#kept.keys()) this.#renew(id)
  }

  /** How many containers are changed now. */
  get changed (): number { return this.#kept.size }

  /** @throws Refusal that says what is allowed */
  change (change: LimitChange): Promise<ChangedLimits> {
    return this.#inTurn(() => this.#change(change)).catch((err: unknown) => { throw asRefusal(err) })
  }

  /** Puts back what nobody has renewed in time. To be called often. */
  expire (): Promise<void> {
    return this.#inTurn(() => this.#putBack(id => this.#expiresAtMs.get(id)! <= this.#deps.nowMs()))
  }

  /** Puts everything back. */
  close (): Promise<void> {
    return this.#inTurn(() => this.#putBack(() => true))
  }

  #inTurn<T> (act: () => Promise<T>): Promise<T> {
    const result = this.#last.then(act)
    this.#last = result.catch(() => {})
    return result
  }

  async #change (change: LimitChange): Promise<ChangedLimits> {
    const { service } = change
    if (service === this.#options.own) {
      throw new Refusal({ status: 403, code: 'own_limits', detail: `${service} changes limits, and its own stay as they are.` })
    }
    const stopped = isPutBack(change) ? this.#keptOf(service).filter(id => this.#deps.stateOf(id) === null) : []
    if (stopped.length > 0) return this.#putBackStopped(service, stopped)
    const targets = (await this.#ofService(service)).map(id => this.#target(id, change))
    if (!change.evenBelowUse) for (const { state, to } of targets) refuseBelowUse(service, state, to)
    for (const { id, before } of targets) this.#keep(id, { service, before })
    for (const { id, state, to } of targets) {
      if (!areEqual(state.limits, to)) await this.#update(service, id, to, state.limits)
    }
    for (const { id, before, to } of targets) {
      if (areEqual(before, to)) this.#forget(id)
      else this.#renew(id)
    }
    return this.#answer(service, targets)
  }

  #keptOf (service: string): string[] {
    return [...this.#kept].filter(([, kept]) => kept.service === service).map(([id]) => id)
  }

  /**
   * A container that is killed whenever it starts, for a limit that is too low, hardly ever runs: nothing is known of
   * its use, and it is the one that needs its limits back most.
   */
  async #putBackStopped (service: string, containers: string[]): Promise<ChangedLimits> {
    const { before } = this.#kept.get(containers[0]!)!
    await this.#putBack(id => containers.includes(id))
    return { service, containers, now: before, before, leaseSeconds: null }
  }

  #answer (service: string, targets: Target[]): ChangedLimits {
    const [{ before, to }] = targets as [Target]
    return {
      service,
      containers: targets.map(({ id }) => id),
      now: to,
      before,
      leaseSeconds: targets.some(({ id }) => this.#kept.has(id)) ? this.#options.leaseSeconds : null
    }
  }

  async #ofService (service: string): Promise<string[]> {
    const all = await this.#deps.containers.list()
    const ids = all.filter(container => container.service === service).map(({ id }) => id)
    const running = ids.filter(id => this.#deps.stateOf(id) !== null)
    if (running.length > 0) return running
    const others = [...new Set(all.map(({ service }) => service))].filter(name => name !== '').toSorted()
    const detail = ids.length > 0
      ? `No container of ${service} runs, or the kernel does not say what its limits are.`
      : `There is no service ${service} here; there are ${others.join(', ')}.`
    throw new Refusal({ status: 404, code: 'unknown_service', detail })
  }

  #target (id: string, change: LimitChange): Target {
    const state = this.#deps.stateOf(id)
    if (state === null) {
      const detail = `A container of ${change.service} has just ended. Try again.`
      throw new Refusal({ status: 409, code: 'container_gone', detail })
    }
    const before = this.#kept.get(id)?.before ?? state.limits
    return { id, state, before, to: wanted(change, state.limits, before) }
  }

  async #update (service: string, id: string, to: ContainerLimits, now: ContainerLimits): Promise<void> {
    await this.#deps.containers.update(id, to, now)
    this.#deps.log.info({ service, id, limits: to }, 'limits changed')
  }

  async #putBack (isDue: (id: string) => boolean): Promise<void> {
    const due = [...this.#kept].filter(([id]) => isDue(id))
    if (due.length === 0) return
    const present = new Set((await this.#deps.containers.list()).map(({ id }) => id))
    for (const [id, kept] of due) {
      if (present.has(id)) await this.#restore(id, kept)
      else this.#forget(id)
    }
  }

  /** What cannot be put back now is tried again with the next `expire`. It must not keep others from it. */
  async #restore (id: string, { service, before }: Kept): Promise<void> {
    const { containers, stateOf, log } = this.#deps
    try {
      await containers.update(id, before, stateOf(id)?.limits ?? null)
    } catch (err) {
      if (!this.#failing.has(id)) log.error({ service, id, limits: before, err }, 'limits could not be put back yet')
      this.#failing.add(id)
      return
    }
    log.info({ service, id, limits: before }, 'limits put back')
    this.#forget(id)
  }

  #keep (id: string, kept: Kept): void {
    if (this.#kept.has(id)) return
    this.#kept.set(id, kept)
    this.#deps.kept.write(this.#kept)
    this.#renew(id)
  }

  #forget (id: string): void {
    this.#kept.delete(id)
    this.#expiresAtMs.delete(id)
    this.#failing.delete(id)
    this.#deps.kept.write(this.#kept)
  }

  #renew (id: string): void {
    this.#expiresAtMs.set(id, this.#deps.nowMs() + this.#options.leaseSeconds * 1000)
  }
}

/** Far below what a lease lasts. */
const EXPIRE_MS = 1000

/** Puts back, again and again, what nobody renewed in time. */
export function endLeases (broker: Pick<Broker, 'expire'>, log: Log): NodeJS.Timeout {
  return setInterval(() => {
    broker.expire().catch((err: unknown) => log.warn({ err }, 'nobody says which containers there are'))
  }, EXPIRE_MS)
}

function refuseBelowUse (service: string, state: KernelState, to: ContainerLimits): void {
  const reason = belowUse(state, to)
  if (reason === null) return
  const detail = `${service}: ${reason}. Nothing was changed; evenBelowUse asks for it all the same.`
  throw new Refusal({ status: 409, code: 'below_use', detail })
}

function isPutBack ({ memoryBytes, cpus, pids }: LimitChange): boolean {
  return memoryBytes === null && cpus === null && pids === null
}

function asRefusal (err: unknown): unknown {
  if (!(err instanceof UpdateFailed)) return err
  const answer = err.isRefused ? { status: 409, code: 'limit_refused' } : { status: 503, code: 'engine_away' }
  return new Refusal({ ...answer, detail: err.message })
}
