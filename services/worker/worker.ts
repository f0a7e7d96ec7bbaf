import { setTimeout as delay } from 'node:timers/promises'
import { Worker as QueueWorker, WaitingError, type Job as QueueEntry } from 'bullmq'
import type { Job, JobOutcome } from '#shared/jobs/job.ts'
import { QUEUE_NAME } from '#shared/jobs/queue.ts'
import type { Log } from '#shared/process/log.ts'
import type { Redis } from '#shared/stores/redis.ts'
import { Attempt, type AttemptOptions, type AttemptResult, type AttemptStore } from './attempt.ts'
import { BullCompanionQueue } from './bull-companion-queue.ts'
import { Companions } from './companions.ts'

/**
 * How often BullMQ looks for jobs whose worker is gone. It takes them up at the second look after their lock has
 * expired.
 */
const STALLED_CHECK_MS = 1000

/** Any finite number will do: the store, which outlives Redis, decides how often a job may be tried. */
const ANY_NUMBER_OF_STALLS = 1_000_000

const OPEN_RETRY_MS = 200

export interface JobWorkerOptions extends AttemptOptions {
  redis: Redis
  prefix: string
  concurrency: number
  lockMs: number
  drainMs: number
}

interface JobWorkerDeps {
  store: AttemptStore
  run: (job: Job, signal: AbortSignal) => Promise<JobOutcome>
  /** The outcome of a job that does nothing. */
  runNoop: () => JobOutcome
  onEnded: (result: AttemptResult) => void
  log: Log
}

/**
 * Takes jobs from the queue and makes an attempt at each. BullMQ does retries, locks and the recovery of a lost
 * worker's jobs; the store records what became of a job.
 */
export class JobWorker {
  readonly #deps: JobWorkerDeps
  readonly #options: JobWorkerOptions
  readonly #inHand = new Set<Attempt>()
  readonly #stopping = new AbortController()
  #opening: Promise<QueueWorker | null> | null = null

  constructor (deps: JobWorkerDeps, options: JobWorkerOptions) {
    this.#deps = deps
    this.#options = options
  }

  start (): void { this.#opening = this.#open() }

  /** Takes no new job; lets the current ones end, or gives them back if that takes too long. */
  async stop (): Promise<void> {
    this.#stopping.abort()
    const queue = await this.#opening
    const stopped = queue?.close()
    const timer = setTimeout(() => {
      for (const attempt of this.#inHand) attempt.abort('given back')
    }, this.#options.drainMs)
    await stopped
    clearTimeout(timer)
  }

  /**
   * Takes jobs only once both of BullMQ's connections are ready. If a worker of BullMQ starts on a connection that is
   * not ready and meets a single error, it keeps that error for its whole life and asks for jobs in a tight loop. So a
   * worker that could not open is closed, and another one is tried. `null`: stopped before that.
   */
  async #open (): Promise<QueueWorker | null> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const queue = this.#options.redis.isReady ? this.#create() : null
      const isOpen = await queue?.waitUntilReady().then(() => true, () => false) ?? false
      if (isOpen) {
        queue!.run().catch(err => this.#deps.log.error({ err }, 'the queue'))
        return queue
      }
      await queue?.close(true)
      await delay(OPEN_RETRY_MS, undefined, { signal }).catch(() => {})
    }
    return null
  }

  #create (): QueueWorker {
    const { redis, prefix, concurrency, lockMs } = this.#options
    const queue: QueueWorker = new QueueWorker(QUEUE_NAME, entry => this.#process(entry, companions), {
      connection: redis,
      prefix,
      concurrency,
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: ANY_NUMBER_OF_STALLS,
      runRetryDelay: 500,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 }
    })
    const companions = new Companions(new BullCompanionQueue(queue, this.#deps.log))
    queue.on('error', err => this.#deps.log.debug({ reason: err.message }, 'the queue'))
    return queue
  }

  async #process (entry: QueueEntry, companions: Companions): Promise<void> {
    const attempt = (): Promise<void> => this.#attempt(entry)
    if (entry.name !== 'noop') return attempt()
    await companions.attemptWith(attempt, companion => this.#attemptCompanion(companion), this.#stopping.signal)
  }

  async #attemptCompanion (entry: QueueEntry): Promise<boolean> {
    try {
      await this.#attempt(entry)
      return true
    } catch (err) {
      this.#deps.log.debug({ err }, 'a companion was not attempted')
      return false
    }
  }

  async #attempt (entry: QueueEntry): Promise<void> {
    const attempt = new Attempt(this.#deps.store, this.#options)
    this.#inHand.add(attempt)
    try {
      const result = await this.#make(attempt, entry)
      this.#deps.onEnded(result)
      if (result.was === 'given back') await giveBack(entry)
    } finally {
      this.#inHand.delete(attempt)
    }
  }

  /** An entry has the name of its job's kind. */
  #make (attempt: Attempt, { id, name }: QueueEntry): Promise<AttemptResult> {
    const { run, runNoop } = this.#deps
    return name === 'noop' ? attempt.makeAtOnce(id!, name, runNoop()) : attempt.make(id!, run)
  }
}

/** @throws WaitingError always: to BullMQ it means that the entry waits again. */
async function giveBack (entry: QueueEntry): Promise<never> {
  await entry.moveToWait(entry.token)
  throw new WaitingError()
}
