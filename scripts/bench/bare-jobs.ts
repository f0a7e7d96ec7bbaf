import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { BareEnd } from './bare-queue.ts'
import type { JobWay, Posting, Times } from './job-way.ts'
import type { Stack } from './stack.ts'

/** Bare BullMQ: a process in the container of the API adds jobs, and one in the container of the worker does them. */
export class BareJobs implements JobWay {
  readonly stack: Stack
  /** Each is a name of its own for as long as the worker lives. */
  #batch = 0
  #firstAcceptedMs = 0
  #end: Omit<BareEnd, 'batch'> | null = null

  /** @param stack its files say what runs in the containers */
  constructor (stack: Stack) { this.stack = stack }

  async post (jobs: number): Promise<Posting> {
    this.#batch++
    const res = await fetch(`${this.stack.url}/add?batch=${this.#batch}&jobs=${jobs}`, { method: 'POST' })
    const { firstAcceptedMs, ...posting } = await res.json() as Posting & { firstAcceptedMs: number }
    this.#firstAcceptedMs = firstAcceptedMs
    return posting
  }

  async ended (): Promise<void> { this.#end = await this.#endOfBatch() }

  async times (): Promise<Times> {
    if (this.#end === null) throw new Error('no batch has ended')
    return { ...this.#end, firstAcceptedMs: this.#firstAcceptedMs }
  }

  /** What the worker prints about the last batch, once it does. */
  async #endOfBatch (): Promise<Omit<BareEnd, 'batch'>> {
    const id = (await this.stack.compose('ps', '-q', 'worker')).trim()
    const log = spawn('docker', ['logs', '--follow', id], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      for await (const line of createInterface(log.stdout)) {
        const { batch, ...times } = JSON.parse(line) as BareEnd
        if (batch === String(this.#batch)) return times
      }
    } finally {
      log.kill()
    }
    throw new Error('the bare worker has ended')
  }
}
