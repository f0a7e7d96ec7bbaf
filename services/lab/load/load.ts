import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Reading } from '#cgroup/reading.ts'
import { uptimeSeconds } from '#lab/clock.ts'
import type { Project } from '#lab/observing/containers/project-look-up.ts'
import type { LoadSpec, LoadView } from '#lab/wire/load.ts'
import { generatorReport } from './generator-report.ts'
import type { ThreadMessage, ThreadData } from './thread.ts'

export interface LoadDeps {
  /** The generator's compiled file. */
  thread: URL
  /** Where the service answers. */
  url: string
  /** The project to which the lab is attached. */
  attached: Project | null
  /** The lab's own container; `null` where it cannot be read. */
  readOwn: () => Reading | null
  onChange: (view: LoadView) => void
}

/** Nothing in the thread grows with the load, so more than this is a fault. */
const HEAP_MIB = 64
/** A cancelled generator closes its connections at once. One that takes longer is stuck. */
const CANCEL_MS = 2000

/** One load. It has a thread of its own, so that sampling does not delay the load, nor the load a sample. */
export class Load {
  readonly id: string = randomUUID()
  readonly ended: Promise<LoadView>
  readonly #deps: LoadDeps
  readonly #thread: Worker
  readonly #view: LoadView
  #before: Reading | null = null
  #isCancelled = false

  constructor (spec: LoadSpec, deps: LoadDeps) {
    this.#deps = deps
    this.#view = {
      id: this.id,
      state: 'running',
      spec,
      startedAt: new Date().toISOString(),
      startedUptimeSeconds: uptimeSeconds(),
      finishedAt: null,
      live: null,
      summary: null,
      error: null
    }
    const workerData: ThreadData = { spec, url: deps.url, attached: deps.attached }
    this.#thread = new Worker(deps.thread, { workerData, resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB } })
    this.#thread.on('message', (message: ThreadMessage) => this.#onMessage(message))
    this.#thread.on('error', err => this.#fail(err.message))
    this.ended = new Promise(resolve => {
      this.#thread.once('exit', () => resolve(this.#exited()))
    })
  }

  get isRunning (): boolean { return this.#view.state === 'running' }

  view (): LoadView { return { ...this.#view } }

  cancel (): void {
    if (!this.isRunning || this.#isCancelled) return
    this.#isCancelled = true
    this.#thread.postMessage('cancel')
    const stuck = setTimeout(() => this.#thread.terminate(), CANCEL_MS)
    this.#thread.once('exit', () => clearTimeout(stuck))
  }

  #onMessage (message: ThreadMessage): void {
    if (message.type === 'started') this.#before = this.#readOwn()
    if (message.type === 'live') this.#view.live = message.live
    if (message.type === 'ended') {
      const { own, ...measured } = message.measured
      const generator = generatorReport(message.measured, this.#before, this.#readOwn())
      this.#view.summary = { ...measured, generator }
      this.#end(this.#isCancelled ? 'cancelled' : 'finished')
    }
    this.#deps.onChange(this.view())
  }

  /** A load must not fail because the lab cannot read its own files. */
  #readOwn (): Reading | null {
    try {
      return this.#deps.readOwn()
    } catch {
      return null
    }
  }

  #fail (reason: string): void {
    if (!this.isRunning) return
    if (!this.#isCancelled) this.#view.error = reason
    this.#end(this.#isCancelled ? 'cancelled' : 'failed')
    this.#deps.onChange(this.view())
  }

  #end (state: LoadView['state']): void {
    this.#view.state = state
    this.#view.live = null
    this.#view.finishedAt = new Date().toISOString()
  }

  #exited (): LoadView {
    this.#fail('the generator ended without a result')
    return this.view()
  }
}
