import { Queue } from 'bullmq'
import { Gauge, type Registry } from 'prom-client'
import type { Refresh } from '#shared/metrics/scrape.ts'
import { within } from '#shared/process/within.ts'
import type { Redis } from '#shared/stores/redis.ts'
import type { JobKind } from './job.ts'

export const QUEUE_NAME = 'jobs'

export interface QueueDepth { waiting: number, active: number }

interface Entry { id: string, kind: JobKind }

/**
 * The sending side of the queue. An entry holds only the id of a row: adding one twice does nothing, losing one loses
 * nothing (see worker/reconciler.ts), and a finished one leaves nothing in Redis.
 */
export class JobQueue {
  readonly #redis: Redis
  readonly #prefix: string
  #opened: Queue | null = null

  constructor (redis: Redis, prefix: string) {
    this.#redis = redis
    this.#prefix = prefix
  }

  /**
   * Throws while Redis is away. The client sends what is added at the same time together. BullMQ's own `addBulk` will
   * not do: after a restart of Redis, which forgets scripts, it fails for good.
   */
  async add (id: string, kind: JobKind): Promise<void> {
    const queue = await this.#queue()
    await queue.add(kind, {}, { jobId: id })
  }

  /** Adds the entries that are not there. To look for one costs a small part of adding it. */
  async addMissing (entries: Entry[]): Promise<void> {
    const queue = await this.#queue()
    const found = await Promise.all(entries.map(({ id }) => this.#redis.exists(queue.toKey(id))))
    const missing = entries.filter((_, i) => found[i] === 0)
    await Promise.all(missing.map(({ id, kind }) => this.add(id, kind)))
  }

  /** Removes an entry that no worker has taken; an entry that is being processed stays. */
  async remove (id: string): Promise<void> {
    const queue = await this.#queue()
    await queue.remove(id)
  }

  async depth (): Promise<QueueDepth> {
    const queue = await this.#queue()
    const counts = await queue.getJobCounts('waiting', 'active')
    return { waiting: counts.waiting ?? 0, active: counts.active ?? 0 }
  }

  /**
   * BullMQ's queue, opened on a connection that is ready. If a queue is opened on a connection that is not ready yet
   * and meets a single error, it keeps that error for its whole life. So a queue that could not open is discarded.
   */
  async #queue (): Promise<Queue> {
    if (!this.#redis.isReady) throw new Error('Redis does not answer')
    const queue = this.#opened ??= this.#open()
    try {
      await queue.waitUntilReady()
      return queue
    } catch (err) {
      if (this.#opened === queue) this.#opened = null
      throw err
    }
  }

  #open (): Queue {
    const queue = new Queue(QUEUE_NAME, {
      connection: this.#redis,
      prefix: this.#prefix,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true }
    })
    // The client reports its own errors; without a listener they would end the process.
    queue.on('error', () => {})
    return queue
  }
}

const PATIENCE_MS = 500

/**
 * The metric `queue_jobs`: how many jobs wait and how many are being processed. While Redis is away this is unknown,
 * and the series are missing.
 */
export function queueDepth (queue: Pick<JobQueue, 'depth'>, registry: Registry): Refresh {
  const gauge = new Gauge({
    name: 'queue_jobs',
    help: 'Jobs in the queue.',
    labelNames: ['state'],
    registers: [registry]
  })
  return async () => {
    const depth = await within(PATIENCE_MS, queue.depth()).catch(() => null)
    gauge.reset()
    if (depth === null) return
    gauge.set({ state: 'waiting' }, depth.waiting)
    gauge.set({ state: 'active' }, depth.active)
  }
}
