import { Queue } from 'bullmq'
import type { JobKind } from './job.ts'
import type { Redis } from './redis.ts'

export const QUEUE_NAME = 'jobs'

export interface QueueDepth { waiting: number, active: number }

/**
 * The queue's sending side. An entry holds no more than the id of a row: adding one twice does nothing, losing one
 * loses nothing (see worker/reconciler.ts), and once it is done nothing of it stays in Redis.
 */
export class JobQueue {
  readonly #queue: Queue
  readonly #redis: Redis

  constructor (redis: Redis, prefix: string) {
    this.#redis = redis
    this.#queue = new Queue(QUEUE_NAME, {
      connection: redis,
      prefix,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true }
    })
    // The client reports its own errors; without a listener they would end the process.
    this.#queue.on('error', () => {})
  }

  /** Throws when Redis is away. */
  async add (id: string, kind: JobKind): Promise<void> {
    this.#assertReady()
    await this.#queue.add(kind, {}, { jobId: id })
  }

  /** Forgets an entry that no worker has taken; one that is being worked on stays. */
  async remove (id: string): Promise<void> {
    this.#assertReady()
    await this.#queue.remove(id)
  }

  async depth (): Promise<QueueDepth> {
    this.#assertReady()
    const counts = await this.#queue.getJobCounts('waiting', 'active')
    return { waiting: counts.waiting ?? 0, active: counts.active ?? 0 }
  }

  async close (): Promise<void> {
    await this.#queue.close()
  }

  /** BullMQ waits for a connection for as long as it takes; whoever asks here wants to know now. */
  #assertReady (): void {
    if (!this.#redis.isReady) throw new Error('Redis does not answer')
  }
}
