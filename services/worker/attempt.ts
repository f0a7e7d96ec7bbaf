import { setTimeout as delay } from 'node:timers/promises'
import type { EndedAttempt } from '#shared/jobs/job-store.ts'
import type { Job, JobKind, JobOutcome } from '#shared/jobs/job.ts'
import { StoreUnavailable } from '#shared/stores/postgres.ts'
import type { StopReason } from './failure.ts'

const PAUSES = { cancelPollMs: 500, storeRetryMs: 500 }

/** The part of the store that an attempt needs. */
export interface AttemptStore {
  start: (id: string, worker: string, maxAttempts: number) => Promise<Job | null>
  startAndFinish: (attempt: EndedAttempt) => Promise<boolean>
  endUnstartable: (id: string) => Promise<string | null>
  finish: (id: string, outcome: JobOutcome) => Promise<boolean>
  giveBack: (id: string) => Promise<void>
  isCancelRequested: (id: string) => Promise<boolean>
}

export interface AttemptOptions {
  worker: string
  maxAttempts: number
  timeoutMs: number
}

/** Why a running job is aborted. `given back`: the worker stops, and another one has to run the job. */
export type AbortReason = StopReason | 'given back'

/** What came of an attempt. `recorded: false`: the job had already ended elsewhere. */
export type AttemptResult =
  | { was: 'ended', kind: JobKind, outcome: JobOutcome, recorded: boolean }
  | { was: 'unstartable', code: string | null }
  | { was: 'given back' }

/**
 * One attempt at one job: start it in the store, run it, record how it ended. The store may be away in the meantime: an
 * outcome is kept and offered again until the store takes it, or until the worker has to stop.
 */
export class Attempt {
  readonly #store: AttemptStore
  readonly #options: AttemptOptions
  readonly #pauses: typeof PAUSES
  readonly #abort = new AbortController()

  constructor (store: AttemptStore, options: AttemptOptions, pauses = PAUSES) {
    this.#store = store
    this.#options = options
    this.#pauses = pauses
  }

  abort (reason: AbortReason): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(reason)
  }

  async make (id: string, run: (job: Job, signal: AbortSignal) => Promise<JobOutcome>): Promise<AttemptResult> {
    const { worker, maxAttempts } = this.#options
    const job = await this.#retryWhileStoreIsAway(() => this.#store.start(id, worker, maxAttempts))
    if (job === null) return this.#endUnstartable(id)
    const outcome = await this.#runWatched(id, signal => run(job, signal))
    if (this.#isGivenBack && outcome.status !== 'succeeded') {
      await this.#store.giveBack(id)
      return { was: 'given back' }
    }
    return {
      was: 'ended',
      kind: job.kind,
      outcome,
      recorded: await this.#retryWhileStoreIsAway(() => this.#store.finish(id, outcome))
    }
  }

  /**
   * An attempt at a job that does nothing, and is over before anybody could cancel it. Its start and its end are one
   * record: the same promises at half the cost.
   */
  async makeAtOnce (id: string, kind: JobKind, outcome: JobOutcome): Promise<AttemptResult> {
    const { worker, maxAttempts } = this.#options
    const recorded = await this.#retryWhileStoreIsAway(
      () => this.#store.startAndFinish({ id, worker, maxAttempts, ...outcome }))
    return recorded ? { was: 'ended', kind, outcome, recorded } : this.#endUnstartable(id)
  }

  async #endUnstartable (id: string): Promise<AttemptResult> {
    return { was: 'unstartable', code: await this.#retryWhileStoreIsAway(() => this.#store.endUnstartable(id)) }
  }

  get #isGivenBack (): boolean {
    return this.#abort.signal.reason === 'given back'
  }

  async #runWatched (id: string, run: (signal: AbortSignal) => Promise<JobOutcome>): Promise<JobOutcome> {
    const timeout = setTimeout(() => this.abort('timeout'), this.#options.timeoutMs)
    const poll = setInterval(() => this.#abortIfAsked(id), this.#pauses.cancelPollMs)
    try {
      return await run(this.#abort.signal)
    } finally {
      clearTimeout(timeout)
      clearInterval(poll)
    }
  }

  /** Asks the store, and not Redis, so that a job can be cancelled whatever else is down. */
  async #abortIfAsked (id: string): Promise<void> {
    const asked = await this.#store.isCancelRequested(id).catch(() => false)
    if (asked) this.abort('cancelled')
  }

  async #retryWhileStoreIsAway<T> (question: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await question()
      } catch (err) {
        if (!(err instanceof StoreUnavailable) || this.#isGivenBack) throw err
        await delay(this.#pauses.storeRetryMs)
      }
    }
  }
}
