import { Job as QueueEntry, type JobJson, type Worker as QueueWorker } from 'bullmq'
import type { Log } from '#shared/process/log.ts'
import type { CompanionQueue } from './companions.ts'

/**
 * What BullMQ gives to its own loop only: the entry that comes with a completion. If Redis goes meanwhile, the lock of
 * an entry expires, and whoever takes it next finds that its job has ended.
 */
export class BullCompanionQueue implements CompanionQueue {
  readonly #queue: QueueWorker
  readonly #log: Log

  constructor (queue: QueueWorker, log: Log) {
    this.#queue = queue
    this.#log = log
  }

  async take (token: string): Promise<QueueEntry | undefined> {
    return this.#queue.getNextJob(token, { block: false }).catch(() => undefined)
  }

  async completeAndTake (entry: QueueEntry): Promise<QueueEntry | undefined> {
    const [json, id] = await this.#complete(entry, true)
    if (!json) return undefined
    const next = QueueEntry.fromJSON(this.#queue, json, id)
    next.token = entry.token!
    return next
  }

  async complete (entry: QueueEntry): Promise<void> { await this.#complete(entry, false) }

  async putBack (entry: QueueEntry): Promise<void> {
    await entry.moveToWait(entry.token).catch(err => this.#log.debug({ err }, 'an entry could not be put back'))
  }

  async #complete (entry: QueueEntry, isNextTaken: boolean): Promise<[JobJson?, string?]> {
    try {
      return await entry.moveToCompleted(null, entry.token!, isNextTaken) as [JobJson?, string?] | undefined ?? []
    } catch (err) {
      this.#log.debug({ err }, 'an entry could not be completed')
      return []
    }
  }
}
