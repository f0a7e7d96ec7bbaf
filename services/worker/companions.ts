import { randomUUID } from 'node:crypto'
import type { Job as QueueEntry } from 'bullmq'

/** Takes the next entry of the queue, if there is one, and locks it with this token. */
export type TakeNext = (token: string) => Promise<QueueEntry | undefined>

/** What one noop may take along: enough for one commit to serve many, and done in a moment. */
const MOST = 16

/**
 * Noops that a noop takes along, so that all of them are recorded with one commit. It asks for twice as many as were
 * there the last time. A job of another kind is alone in the worker: it is put back at the head of the queue, with all
 * that came after it, and the next noop asks for one companion only.
 */
export class Companions {
  #most = 1

  async take (takeNext: TakeNext): Promise<QueueEntry[]> {
    const next = (): Promise<QueueEntry | undefined> => takeNext(randomUUID())
    // If Redis goes meanwhile, what could not be taken is left to whoever takes it next.
    const asked = await Promise.all(Array.from({ length: this.#most }, () => next().catch(() => undefined)))
    const taken = asked.filter(entry => entry !== undefined)
    const noops = leadingNoops(taken)
    this.#most = noops.length < taken.length ? 1 : Math.min(Math.max(2 * noops.length, 1), MOST)
    for (const entry of taken.slice(noops.length).reverse()) await entry.moveToWait(entry.token)
    return noops
  }
}

function leadingNoops (entries: QueueEntry[]): QueueEntry[] {
  const other = entries.findIndex(({ name }) => name !== 'noop')
  return other === -1 ? entries : entries.slice(0, other)
}
