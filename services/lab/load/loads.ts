import type { Reading } from '#cgroup/reading.ts'
import type { LoadSpec, LoadSummary, LoadView } from '#lab/wire/load.ts'
import { LoadRun } from './load.ts'

interface Deps {
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
  readonly #deps: Deps
  readonly #runs: LoadRun[] = []

  constructor (deps: Deps) {
    this.#deps = deps
  }

  /** Beside whatever runs already. */
  start (spec: LoadSpec): LoadRun {
    const { urls, ...deps } = this.#deps
    const run = new LoadRun(spec, { ...deps, url: urls[spec.service] })
    this.#runs.unshift(run)
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
  all (): LoadView[] { return this.#runs.map(run => run.view()) }

  find (id: string): LoadRun | null { return this.#runs.find(run => run.id === id) ?? null }

  get running (): LoadRun | null { return this.#runs.find(({ isRunning }) => isRunning) ?? null }

  async close (): Promise<void> {
    const running = this.#runs.filter(({ isRunning }) => isRunning)
    for (const run of running) run.cancel()
    await Promise.all(running.map(({ ended }) => ended))
  }

  #forget (): void {
    const ended = this.#runs.filter(({ isRunning }) => !isRunning)
    for (const run of ended.slice(KEPT)) this.#runs.splice(this.#runs.indexOf(run), 1)
  }
}
