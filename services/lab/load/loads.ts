import type { Reading } from '#cgroup/reading.ts'
import type { Project } from '#lab/observing/containers/project-look-up.ts'
import type { LoadSpec, LoadSummary, LoadView } from '#lab/wire/load.ts'
import { Load } from './load.ts'

interface LoadsDeps {
  /** The generator's compiled file. */
  thread: URL
  /** Where the service answers. Nothing else can be a target. */
  urlOf: (spec: LoadSpec) => string
  /** The project to which the lab is attached. */
  attached: Project | null
  /** The lab's own container; `null` where it cannot be read. */
  readOwn: () => Reading | null
  onChange: (view: LoadView) => void
}

/** How many ended loads are remembered. */
const KEPT = 20

/** The loads of this lab: those that are running, and those it remembers. */
export class Loads {
  readonly #deps: LoadsDeps
  readonly #loads: Load[] = []

  constructor (deps: LoadsDeps) {
    this.#deps = deps
  }

  /** Starts a load, even if another one is running. */
  start (spec: LoadSpec): Load {
    const { urlOf, ...deps } = this.#deps
    const load = new Load(spec, { ...deps, url: urlOf(spec) })
    this.#loads.unshift(load)
    this.#forget()
    return load
  }

  /**
   * Starts a load and waits for its end.
   * @throws the signal's reason if it is aborted, and whatever made the load fail
   */
  async run (spec: LoadSpec, signal: AbortSignal): Promise<LoadSummary> {
    signal.throwIfAborted()
    const load = this.start(spec)
    const cancel = (): void => load.cancel()
    signal.addEventListener('abort', cancel)
    const { state, summary, error } = await load.ended.finally(() => signal.removeEventListener('abort', cancel))
    signal.throwIfAborted()
    if (summary === null || state !== 'finished') throw new Error(`the load ${state}${error === null ? '' : `: ${error}`}`)
    return summary
  }

  /** Newest first. */
  all (): LoadView[] { return this.#loads.map(load => load.view()) }

  find (id: string): Load | null { return this.#loads.find(load => load.id === id) ?? null }

  get running (): Load | null { return this.#loads.find(({ isRunning }) => isRunning) ?? null }

  /** What a run would disturb. `null`: nothing. */
  get busyWith (): string | null { return this.running === null ? null : 'a load is running' }

  async close (): Promise<void> {
    const running = this.#loads.filter(({ isRunning }) => isRunning)
    for (const load of running) load.cancel()
    await Promise.all(running.map(({ ended }) => ended))
  }

  #forget (): void {
    const ended = this.#loads.filter(({ isRunning }) => !isRunning)
    for (const load of ended.slice(KEPT)) this.#loads.splice(this.#loads.indexOf(load), 1)
  }
}
