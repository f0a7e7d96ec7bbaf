import { setTimeout as delay } from 'node:timers/promises'
import type { JobKind } from '#shared/jobs/job.ts'
import type { Log } from '#shared/process/log.ts'

const BATCH = 500

interface Unchecked { id: string, kind: JobKind }

export interface ReconcilerDeps {
  store: { takeUnchecked: (ageMs: number, limit: number) => Promise<Unchecked[]> }
  queue: { addMissing: (rows: Unchecked[]) => Promise<void> }
  log: Log
}

/**
 * Restores what the queue lost: jobs accepted while Redis was away, and entries that vanished with a Redis that lost
 * its last second of writes. Every unfinished row is offered to the queue again from time to time. If the queue still
 * has it, nothing happens, because the row's id is the entry's id.
 */
export class Reconciler {
  readonly #deps: ReconcilerDeps
  readonly #everyMs: number
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null

  constructor (deps: ReconcilerDeps, everyMs: number) {
    this.#deps = deps
    this.#everyMs = everyMs
  }

  start (): void { this.#running = this.#loop() }

  async stop (): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** @returns how many rows were compared; BATCH means there may be more */
  async reconcile (): Promise<number> {
    const { store, queue } = this.#deps
    const rows = await store.takeUnchecked(this.#everyMs, BATCH)
    await queue.addMissing(rows)
    return rows.length
  }

  async #loop (): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const isMore = await this.reconcile().then(count => count === BATCH, err => {
        this.#deps.log.debug({ reason: err.message }, 'cannot compare the store with the queue now')
        return false
      })
      if (!isMore) await delay(this.#everyMs, undefined, { signal }).catch(() => {})
    }
  }
}
