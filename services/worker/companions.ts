import { randomUUID } from 'node:crypto'
import type { Job as QueueEntry } from 'bullmq'

/** The part of the queue that companions need. It does not throw; `undefined`: no entry waits, or Redis is away. */
export interface CompanionQueue {
  /** Takes the next entry, and locks it with this token. */
  take: (token: string) => Promise<QueueEntry | undefined>
  /** Completes an entry and takes the next one with the same command. The lock of the next one has the same token. */
  completeAndTake: (entry: QueueEntry) => Promise<QueueEntry | undefined>
  complete: (entry: QueueEntry) => Promise<void>
  /** Makes an entry the first of those that wait. */
  putBack: (entry: QueueEntry) => Promise<void>
}

/** Makes an attempt at the job of an entry. `false`: the entry is not to be completed, and its lock expires. */
export type AttemptEntry = (entry: QueueEntry) => Promise<boolean>

/** What was taken from the queue. `isOtherNext`: a job of another kind is now at its head. */
interface Taken { noops: QueueEntry[], isOtherNext: boolean }

/** What one noop may take along: enough for one commit to serve many, and done in a moment. */
const MOST = 16

/**
 * Noops that a noop takes along, so that all of them are recorded with one commit. With the completion of each comes
 * the next one, until none waits. A job of another kind is alone in the worker: it is put back at the head of the
 * queue, with all that came after it, and the next noop asks for one companion only.
 */
export class Companions {
  readonly #queue: CompanionQueue
  #most = 1
  #isLed = false

  constructor (queue: CompanionQueue) { this.#queue = queue }

  /**
   * Attempts a noop, which BullMQ completes. Meanwhile its companions are attempted and completed, until none waits,
   * one fails or `signal` is aborted. Their first attempts begin at the same time as that of the noop, so that one
   * commit records all. While one noop of a worker leads companions, others go alone: they would ask an empty queue.
   */
  async attemptWith (attemptFirst: () => Promise<void>, attempt: AttemptEntry, signal: AbortSignal): Promise<void> {
    if (this.#isLed) return attemptFirst()
    this.#isLed = true
    const following = this.#follow(await this.#keepNoops(await this.#ask(this.#most)), attempt, signal)
    try {
      await attemptFirst()
    } finally {
      await following
      this.#isLed = false
    }
  }

  async #follow (first: Taken, attempt: AttemptEntry, signal: AbortSignal): Promise<void> {
    let { noops, isOtherNext } = first
    while (noops.length > 0) {
      const done = await attemptAll(noops, attempt)
      const isLast = isOtherNext || signal.aborted || done.length < noops.length
      if (isLast) return this.#completeAll(done);
      ({ noops, isOtherNext } = await this.#keepNoops(await this.#takeAfter(done)))
    }
  }

  async #completeAll (done: QueueEntry[]): Promise<void> {
    await Promise.all(done.map(entry => this.#queue.complete(entry)))
  }

  /** One for each of these, and as many again if none of them was the last. */
  async #takeAfter (done: QueueEntry[]): Promise<QueueEntry[]> {
    const next = present(await Promise.all(done.map(entry => this.#queue.completeAndTake(entry))))
    return next.length < done.length ? next : [...next, ...await this.#ask(this.#most - next.length)]
  }

  async #ask (count: number): Promise<QueueEntry[]> {
    const tokens = Array.from({ length: Math.max(count, 0) }, () => randomUUID())
    return present(await Promise.all(tokens.map(token => this.#queue.take(token))))
  }

  /** Asks for twice as many noops the next time. */
  async #keepNoops (entries: QueueEntry[]): Promise<Taken> {
    const noops = leadingNoops(entries)
    const isOtherNext = noops.length < entries.length
    this.#most = isOtherNext ? 1 : Math.min(Math.max(2 * noops.length, 1), MOST)
    for (const entry of entries.slice(noops.length).reverse()) await this.#queue.putBack(entry)
    return { noops, isOtherNext }
  }
}

async function attemptAll (noops: QueueEntry[], attempt: AttemptEntry): Promise<QueueEntry[]> {
  const isDone = await Promise.all(noops.map(attempt))
  return noops.filter((_, i) => isDone[i])
}

function present (entries: (QueueEntry | undefined)[]): QueueEntry[] {
  return entries.filter(entry => entry !== undefined)
}

function leadingNoops (entries: QueueEntry[]): QueueEntry[] {
  const other = entries.findIndex(({ name }) => name !== 'noop')
  return other === -1 ? entries : entries.slice(0, other)
}
