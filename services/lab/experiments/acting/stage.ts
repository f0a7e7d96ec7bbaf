import { setTimeout as delay } from 'node:timers/promises'
import type { EndedJob, Evidence } from '#lab/experiments/judging/evidence.ts'
import type { Changes } from '#lab/limits/changes.ts'
import type { Loads } from '#lab/load/loads.ts'
import type { PeerAnswer, Peer, PeerRequest } from '#lab/peers/peer.ts'
import { PeerAway } from '#lab/peers/peer.ts'
import { storeSelfView } from '#lab/peers/whoami.ts'
import type { Requirement } from '#lab/wire/live.ts'
import type { LoadSpec, LoadSummary } from '#lab/wire/load.ts'
import type { SweepSpec, SweepView } from '#lab/wire/sweep.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { JobRequest } from '#shared/jobs/job.ts'
import type { LimitChange } from '#shared/limits/change.ts'
import type { SelfView } from '#shared/process/whoami.ts'

/** What a stage needs of the run that it belongs to. */
export interface StageRun {
  evidence: () => Evidence
  /** Since the start of the run. */
  seconds: () => number
  /** When a service's container was read last. `null`: it was not. */
  lastReadSeconds: (service: string) => number | null
  say: (text: string) => void
  signal: AbortSignal
}

interface Deps extends StageRun {
  peers: Record<'api' | 'worker', Pick<Peer, 'ask'>>
  loads: Pick<Loads, 'run'>
  changes: Pick<Changes, 'request' | 'putBack'>
  /** A sweep has its jobs done by a stage too, so this is all that is known of it here. */
  sweeps: { run: (spec: SweepSpec, signal: AbortSignal) => Promise<SweepView> }
  /** The directory in which the stores write what they see of themselves, because they cannot be asked over HTTP. */
  whoami: string
  /** What is missing where the stack runs. */
  missing: Requirement[]
}

const POLL_MS = 100
const ANSWER_MS = 10_000
/** How long an API that was killed may take until it says again how jobs ended. */
const AWAY_MS = 180_000

/** Thrown by `act`: why the claim cannot be measured here. */
export class NotMeasured extends Error {
  override name = 'NotMeasured'
}

/** What an experiment may do to the stack. `putBack` ends everything that it began. */
export class Stage {
  readonly signal: AbortSignal
  readonly #deps: Deps
  readonly #unfinished = new Set<string>()
  readonly #undo: Array<() => Promise<unknown>> = []
  #isPuttingBack = false

  constructor (deps: Deps) {
    this.#deps = deps
    this.signal = deps.signal
  }

  /** Adds a step to the run: what happens now. */
  say (text: string): void { this.#deps.say(text) }

  isMissing (requirement: Requirement): boolean { return this.#deps.missing.includes(requirement) }

  /** What a store sees of itself. `null`: it has not written that down. */
  whoIsStore (store: 'postgres' | 'redis'): Promise<SelfView | null> {
    return storeSelfView(store, this.#deps.whoami)
  }

  /** All readings so far. */
  evidence (): Evidence { return this.#deps.evidence() }

  /** Since the start of the run, on the clock of the readings. */
  seconds (): number { return this.#deps.seconds() }

  /** When a service's container was read last. `null`: it was not. */
  lastReadSeconds (service: string): number | null { return this.#deps.lastReadSeconds(service) }

  async pause (ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.signal })
  }

  /** Posts a job and waits for its end. */
  async job (request: JobRequest): Promise<EndedJob> {
    return this.ended(await this.post(request))
  }

  /** Posts a job and returns its id. @throws NotMeasured when it is refused */
  async post (request: JobRequest): Promise<string> {
    const answer = await this.ask('api', '/jobs', { method: 'POST', body: JSON.stringify(request) })
    if (answer.status !== 202) throw new NotMeasured(`the API refuses the job: ${detailOf(answer.text)}`)
    return this.#accepted(answer)
  }

  /** Posts a job while services may be away. `null`: it was not accepted. */
  async offer (request: JobRequest): Promise<string | null> {
    const answer = await this.attempt('api', '/jobs', { method: 'POST', body: JSON.stringify(request) })
    return answer?.status === 202 ? this.#accepted(answer) : null
  }

  /** Waits for a job's end, also while the API is away. */
  async ended (id: string): Promise<EndedJob> {
    for (;;) {
      const job = await this.#look(id) ?? null
      if (hasEnded(job)) return job
      await this.pause(POLL_MS)
    }
  }

  /**
   * What became of these jobs; `null` for one that the API does not know. Gives up when no job has ended for
   * `patienceMs` in which the API could have said so.
   */
  async endings (ids: string[], patienceMs: number): Promise<Array<EndedJob | null>> {
    const jobs = new Map<string, EndedJob | null>()
    const awayUntil = performance.now() + AWAY_MS
    let waiting = ids
    for (let deadline = performance.now() + patienceMs; ;) {
      const isAway = !await this.#lookAt(waiting, jobs) && performance.now() < awayUntil
      const left = waiting.filter(id => !hasEnded(jobs.get(id) ?? null))
      if (isAway || left.length < waiting.length) deadline = performance.now() + patienceMs
      waiting = left
      if (waiting.length === 0 || performance.now() >= deadline) return ids.map(id => jobs.get(id) ?? null)
      await this.pause(POLL_MS)
    }
  }

  /** Runs an open-loop load until every request has its outcome. A run that is stopped stops it. */
  async load (spec: LoadSpec): Promise<LoadSummary> {
    return this.#deps.loads.run(spec, this.signal)
  }

  /**
   * Changes limits until the end of the run. `null`: it was done; otherwise why not.
   * @throws Refusal when nobody who may change limits answers
   */
  async limit (change: LimitChange): Promise<Refusal | null> {
    this.signal.throwIfAborted()
    this.atEnd(() => this.#deps.changes.putBack(change.service))
    try {
      await this.#deps.changes.request(change, 'experiment')
      return null
    } catch (err) {
      if (err instanceof Refusal && err.details.status < 500) return err
      throw err
    }
  }

  /** Runs a sweep to its end. A run that is stopped stops it. */
  async sweep (spec: SweepSpec): Promise<SweepView> {
    return this.#deps.sweeps.run(spec, this.signal)
  }

  /** @throws NotMeasured when the service does not answer */
  async ask (service: 'api' | 'worker', path: string, question: PeerRequest = {}): Promise<PeerAnswer> {
    const answer = await this.attempt(service, path, question)
    if (answer === null) throw new NotMeasured(`the ${service} does not answer`)
    return answer
  }

  /** `null`: the service does not answer, which may be just what the experiment tries. */
  async attempt (service: 'api' | 'worker', path: string, question: PeerRequest = {}): Promise<PeerAnswer | null> {
    // A cancelled run asks nothing more, except to put back what it did.
    if (!this.#isPuttingBack) this.signal.throwIfAborted()
    try {
      return await this.#deps.peers[service].ask(path, { timeoutMs: ANSWER_MS, ...question })
    } catch (err) {
      if (err instanceof PeerAway) return null
      throw err
    }
  }

  /** The JSON of an answer with status 200. @throws NotMeasured otherwise */
  async json<T> (service: 'api' | 'worker', path: string, question: PeerRequest = {}): Promise<T> {
    const { status, text } = await this.ask(service, path, question)
    if (status !== 200) throw new NotMeasured(`the ${service} refuses ${path}: ${detailOf(text)}`)
    return JSON.parse(text) as T
  }

  /** Waits until `condition` holds. @throws NotMeasured when it takes too long */
  async until (condition: () => boolean | Promise<boolean>, what: string, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (!await condition()) {
      if (performance.now() > deadline) throw new NotMeasured(`${what} did not come within ${timeoutMs / 1000} s`)
      await this.pause(POLL_MS)
    }
  }

  /** Registers what has to be done at the end in any case; the last one comes first. */
  atEnd (undo: () => Promise<unknown>): void { this.#undo.unshift(undo) }

  /** Never rejects: what cannot be undone because a service is away has ended with that service. */
  async putBack (): Promise<void> {
    this.#isPuttingBack = true
    for (const undo of this.#undo) await undo().catch(() => {})
    for (const id of this.#unfinished) {
      await this.#deps.peers.api.ask(`/jobs/${id}`, { method: 'DELETE' }).catch(() => {})
    }
  }

  #accepted ({ text }: PeerAnswer): string {
    const { id } = JSON.parse(text) as { id: string }
    this.#unfinished.add(id)
    return id
  }

  /** Returns whether the API said something about each of them. */
  async #lookAt (ids: string[], jobs: Map<string, EndedJob | null>): Promise<boolean> {
    for (const id of ids) {
      const job = await this.#look(id)
      if (job === undefined) return false
      jobs.set(id, job)
    }
    return true
  }

  /** `null`: the API does not know it. `undefined`: the API is away, or is back and cannot reach its store yet. */
  async #look (id: string): Promise<EndedJob | null | undefined> {
    const answer = await this.attempt('api', `/jobs/${id}`)
    if (answer?.status === 404) return null
    if (answer?.status !== 200) return undefined
    const job = JSON.parse(answer.text) as EndedJob
    if (hasEnded(job)) this.#unfinished.delete(id)
    return job
  }
}

function hasEnded (job: EndedJob | null): job is EndedJob {
  return job !== null && job.status !== 'queued' && job.status !== 'running'
}

/** The detail and the faults of a problem document. */
function detailOf (text: string): string {
  try {
    const { detail, faults } = JSON.parse(text) as { detail?: string, faults?: Array<{ at: string, detail: string }> }
    return [detail, ...(faults ?? []).map(({ at, detail }) => `${at} ${detail}`)].filter(Boolean).join('; ')
  } catch {
    return text.slice(0, 200)
  }
}
