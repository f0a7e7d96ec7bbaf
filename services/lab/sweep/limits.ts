import { setTimeout as delay } from 'node:timers/promises'
import type { Reading } from '#cgroup/reading.ts'
import type { Changes } from '#lab/limits/changes.ts'
import type { LimitValue, SweptLimits } from '#lab/wire/sweep.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { LimitChange } from '#shared/limits/change.ts'

const POLL_MS = 100
/** The engine changes them at once. On a busy machine that takes a while. */
const SEEN_MS = 10_000
/** A quota has whole microseconds, of periods of usually 100,000. */
const SAME_CPUS = 1e-4
const PAGE_BYTES = 4096

interface Deps {
  changes: Pick<Changes, 'canChange' | 'request' | 'putBack'>
  /** What the kernel's files say now. `null`: the container does not run. */
  limitsNow: () => SweptLimits | null
  /** What somebody has to type; `null`: nothing. */
  onToType: (line: string | null) => void
}

/** The broker, the engine or the kernel does not accept these limits; the message says why. */
export class LimitsRefused extends Error {
  override name = 'LimitsRefused'
}

/**
 * The limits of one service during a sweep. They are changed by the broker as a lease, so that what there was comes
 * back however this ends; without a broker somebody is asked to type it. The kernel's files say when they are in force.
 */
export class TrialLimits {
  readonly #service: string
  readonly #before: SweptLimits
  readonly #deps: Deps

  constructor (service: string, before: SweptLimits, deps: Deps) {
    this.#service = service
    this.#before = before
    this.#deps = deps
  }

  /** @throws LimitsRefused, Refusal when the broker does not answer, the signal's reason */
  async set (limits: SweptLimits, signal: AbortSignal): Promise<void> {
    if (this.#deps.changes.canChange) await this.#request(limits)
    else this.#deps.onToType(updateLine(this.#service, limits))
    await this.#untilInForce(limits, signal)
    this.#deps.onToType(null)
  }

  areInForce (limits: SweptLimits): boolean { return areSame(this.#deps.limitsNow(), limits) }

  /** Does not wait for somebody who has to type: the line stays until it is typed. */
  async putBack (): Promise<void> {
    const { changes, onToType } = this.#deps
    if (changes.canChange) await changes.putBack(this.#service)
    else onToType(this.areInForce(this.#before) ? null : updateLine(this.#service, this.#before))
  }

  async #request (limits: SweptLimits): Promise<void> {
    try {
      await this.#deps.changes.request(changeOf(this.#service, limits), 'sweep')
    } catch (err) {
      if (!(err instanceof Refusal) || err.details.status >= 500) throw err
      throw new LimitsRefused(err.message)
    }
  }

  async #untilInForce (limits: SweptLimits, signal: AbortSignal): Promise<void> {
    const deadline = this.#deps.changes.canChange ? performance.now() + SEEN_MS : Infinity
    while (!this.areInForce(limits)) {
      if (performance.now() > deadline) throw new LimitsRefused('the kernel\'s files do not show the new limits')
      await delay(POLL_MS, undefined, { signal })
    }
  }
}

/** What has no limit stays without one. */
function changeOf (service: string, { cpus, memoryBytes, pids }: SweptLimits): LimitChange {
  return {
    service,
    ...(cpus !== 'max' && { cpus }),
    ...(memoryBytes !== 'max' && { memoryBytes }),
    ...(pids !== 'max' && { pids })
  }
}

/** What the broker would do, for a terminal. Memory and swap change together. For the engine -1 is no limit. */
export function updateLine (service: string, { cpus, memoryBytes, pids }: SweptLimits): string {
  const memory = memoryBytes === 'max' ? [] : [`--memory ${memoryBytes}`, `--memory-swap ${memoryBytes}`]
  const options = [
    ...(cpus === 'max' ? [] : [`--cpus ${cpus}`]), ...memory, `--pids-limit ${pids === 'max' ? -1 : pids}`
  ]
  return `docker update ${options.join(' ')} $(docker compose ps -q ${service})`
}

export function limitsIn ({ limits: { cpuMax, memoryMaxBytes, pidsMax } }: Reading): SweptLimits | null {
  if (cpuMax === null || memoryMaxBytes === null || pidsMax === null) return null
  const { quotaUs, periodUs } = cpuMax
  return { cpus: quotaUs === 'max' ? 'max' : quotaUs / periodUs, memoryBytes: memoryMaxBytes, pids: pidsMax }
}

function areSame (now: SweptLimits | null, wanted: SweptLimits): boolean {
  return now !== null && isNear(now.cpus, wanted.cpus, SAME_CPUS) &&
    isNear(now.memoryBytes, wanted.memoryBytes, PAGE_BYTES) && now.pids === wanted.pids
}

function isNear (a: LimitValue, b: LimitValue, by: number): boolean {
  return a === b || (a !== 'max' && b !== 'max' && Math.abs(a - b) < by)
}
