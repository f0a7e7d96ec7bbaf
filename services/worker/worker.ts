import { Worker as QueueWorker, WaitingError, type Job as QueueEntry } from 'bullmq'
import type { Job, Outcome } from '../shared/job.ts'
import type { Log } from '../shared/log.ts'
import { QUEUE_NAME } from '../shared/queue.ts'
import type { Redis } from '../shared/redis.ts'
import { Attempt, type AttemptOptions, type AttemptResult, type AttemptStore } from './attempt.ts'

/** How often BullMQ looks for jobs whose worker is gone; they are taken up at the second look after their lock ran out. */
const STALLED_CHECK_MS = 1000

/** Any finite number will do: how often a job may be tried is decided in the store, which outlives Redis. */
const ANY_NUMBER_OF_STALLS = 1_000_000

export interface JobWorkerOptions extends AttemptOptions {
  redis: Redis
  prefix: string
  concurrency: number
  lockMs: number
  drainMs: number
}

interface JobWorkerDeps {
  store: AttemptStore
  run: (job: Job, signal: AbortSignal) => Promise<Outcome>
  onEnded: (result: AttemptResult) => void
  log: Log
}

/**
 * Takes jobs from the queue and makes an attempt at each. Retries, locks and the recovery of a lost worker's jobs are
 * BullMQ's; what became of a job is the store's.
 */
export class JobWorker {
  readonly #deps: JobWorkerDeps
  readonly #options: JobWorkerOptions
  readonly #inHand = new Set<Attempt>()
  readonly #queue: QueueWorker

  constructor (deps: JobWorkerDeps, options: JobWorkerOptions) {
    this.#deps = deps
    this.#options = options
    this.#queue = new QueueWorker(QUEUE_NAME, entry => this.#process(entry), {
      connection: options.redis,
      prefix: options.prefix,
      concurrency: options.concurrency,
      lockDuration: options.lockMs,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: ANY_NUMBER_OF_STALLS,
      runRetryDelay: 500,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 }
    })
    this.#queue.on('error', err => deps.log.debug({ reason: err.message }, 'the queue'))
  }

  /** Takes no new job; lets those in hand end, or gives them back when that takes too long. */
  async stop (): Promise<void> {
    const stopped = this.#queue.close()
    const timer = setTimeout(() => { for (const attempt of this.#inHand) attempt.abort('given back') }, this.#options.drainMs)
    await stopped
    clearTimeout(timer)
  }

  async #process (entry: QueueEntry): Promise<void> {
    const attempt = new Attempt(this.#deps.store, this.#options)
    this.#inHand.add(attempt)
    try {
      const result = await attempt.make(entry.id!, this.#deps.run)
      this.#deps.onEnded(result)
      if (result.was === 'given back') await giveBack(entry)
    } finally {
      this.#inHand.delete(attempt)
    }
  }
}

/** @throws WaitingError always: how BullMQ is told that the entry waits again. */
async function giveBack (entry: QueueEntry): Promise<never> {
  await entry.moveToWait(entry.token)
  throw new WaitingError()
}
