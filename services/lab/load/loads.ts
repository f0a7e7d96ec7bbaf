import type { Reading } from '#cgroup/reading.ts'
import type { LoadSpec, LoadSummary, LoadView } from '#lab/wire/load.ts'
import { Load } from './load.ts'

interface LoadsDeps {
  /** The generator's compiled file. */
  thread: URL
  /** Where each service answers; nothing else can be a target. */
  urls: Record<LoadSpec['service'], string>
  /** The lab's own container; `null` where it cannot be read. */
  readOwn: () => Reading | null
  onChange: (view: LoadView) => void
}

/** So many are remembered. */
const KEPT = 20

/** The loads of this lab, those that run and those it remembers. */
export class Loads {
  readonly #deps: LoadsDeps
  readonly #loads: Load[] = []

  constructor (deps: LoadsDeps) {
    this.#deps = deps
  }

  /** Beside whatever runs already. */
  start (spec: LoadSpec): Load {
    const { urls, ...deps } = this.#deps
    const run = new Load(spec, { ...deps, url: urls[spec.service] })
    this.#loads.unshift(run)
    this.#forget()
    return run
  }

  /** The whole of it. @throws the signal's reason when it is aborted, and whatever made the load fail */
  async run (spec: LoadSpec, signal: AbortSignal): Promise<LoadSummary> {
    signal.throwIfAborted()
    const run = this.start(spec)
    const cancel = (): void => run.cancel()
    signal.addEventListener('abort', cancel)
    const { state, summary, error } = await run.ended.finally(() => signal.removeEventListener('abort', cancel))
    signal.throwIfAborted()
    if (summary === null || state !== 'finished') throw new Error(`the load ${state}${error === null ? '' : `: ${error}`}`)
    return summary
  }

  /** Newest first. */
  all (): LoadView[] { return this.#loads.map(run => run.view()) }

  find (id: string): Load | null { return this.#loads.find(run => run.id === id) ?? null }

  get running (): Load | null { return this.#loads.find(({ isRunning }) => isRunning) ?? null }

  async close (): Promise<void> {
    const running = this.#loads.filter(({ isRunning }) => isRunning)
    for (const run of running) run.cancel()
    await Promise.all(running.map(({ ended }) => ended))
  }

  #forget (): void {
    const ended = this.#loads.filter(({ isRunning }) => !isRunning)
    for (const run of ended.slice(KEPT)) this.#loads.splice(this.#loads.indexOf(run), 1)
  }
}
