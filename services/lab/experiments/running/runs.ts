import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { CgroupVersion } from '#cgroup/reading.ts'
import { uptimeSeconds } from '#lab/clock.ts'
import type { Stage, StageRun } from '#lab/experiments/acting/stage.ts'
import type { Experiment } from '#lab/experiments/experiment.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Run, RunView } from '#lab/wire/experiments.ts'
import type { JobsView, LabEvent, Requirement, Sample } from '#lab/wire/live.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { Log } from '#shared/process/log.ts'
import { whatIsWrong, whyUnsupported } from './preflight.ts'
import { Recorder } from './recorder.ts'
import type { RunStore } from './run-store.ts'
import { LiveRun, type NewRun, type Stop, type Timing } from './run.ts'

interface Deps {
  store: Pick<RunStore, 'save' | 'find' | 'list'>
  services: string[]
  /** What is missing where the stack runs. */
  missing: Requirement[]
  cgroupVersion: CgroupVersion
  sample: () => Sample
  stack: { view: () => Promise<JobsView> }
  stageOf: (run: StageRun) => Stage
  /** What else the lab is doing that would disturb an experiment. `null`: nothing. */
  busyWith: () => string | null
  onChange: (run: RunView) => void
  log: Log
  timing?: Timing
}

const SAVE_RETRY_MS = 3000

/** Runs one experiment at a time, from the first look at the stack until the verdict is saved. */
export class Runs {
  readonly #deps: Deps
  #current: LiveRun | null = null
  #ended: Promise<void> = Promise.resolve()
  #saving: Promise<void> = Promise.resolve()
  readonly #closing = new AbortController()
  #isStarting = false
  /** Runs that have ended and are not in the store yet. */
  readonly #unsaved = new Map<string, Run>()

  constructor (deps: Deps) {
    this.#deps = deps
  }

  get current (): RunView | null { return this.#current?.view ?? null }

  /** What a load would disturb. `null`: nothing. */
  get busyWith (): string | null {
    return this.current === null ? null : `the experiment ${this.current.experiment} is running`
  }

  /** @throws Refusal when another run is going on, or the stack is not ready */
  async start (experiment: Experiment, prediction: string | null): Promise<RunView> {
    if (this.#current !== null || this.#isStarting) throw oneAtATime(this.#current?.view ?? null)
    const reason = whyUnsupported(experiment, this.#deps.missing)
    if (reason !== null) return this.#skip(experiment, prediction, reason)
    this.#isStarting = true
    try {
      await this.#refuseUnlessWell()
      return await this.#begin(experiment, prediction)
    } finally {
      this.#isStarting = false
    }
  }

  /** `null`: this run is not going on. */
  cancel (id: string): RunView | null {
    if (this.#current?.view.id !== id) return null
    this.#current.stop('cancelled')
    return this.#current.view
  }

  async find (id: string): Promise<Run | null> {
    if (this.#current?.view.id === id) return { ...this.#current.view, recording: null, facts: null }
    return this.#unsaved.get(id) ?? await this.#deps.store.find(id)
  }

  async list (filter: Parameters<RunStore['list']>[0]): Promise<RunView[]> {
    const kept = await this.#deps.store.list(filter)
    return this.#current === null ? kept : kept.map(run => run.id === this.#current?.view.id ? this.#current.view : run)
  }

  /** After every sample. */
  recordReadings (containers: Iterable<WatchedContainer>): void { this.#current?.recorder.recordReadings(containers) }
  recordEvent (event: LabEvent): void { this.#current?.recorder.recordEvent(event) }
  recordUpdate (event: LabEvent): void { this.#current?.recorder.recordUpdate(event) }

  async close (reason: Stop = 'interrupted'): Promise<void> {
    this.#current?.stop(reason)
    await this.#ended
    this.#closing.abort()
    await this.#saving
  }

  async #refuseUnlessWell (): Promise<void> {
    const { sample, stack, services, busyWith } = this.#deps
    const wrong = whatIsWrong(sample(), await stack.view(), services)
    const busy = busyWith()
    if (busy !== null) wrong.push(busy)
    if (wrong.length === 0) return
    const detail = `The stack has to be complete and idle: ${wrong.join('; ')}.`
    throw new Refusal({ status: 409, code: 'stack_not_ready', detail })
  }

  /** Saves a run that did nothing, with the reason. */
  async #skip (experiment: Experiment, prediction: string | null, reason: string): Promise<RunView> {
    const run: Run = {
      ...newRun(experiment, prediction),
      state: 'finished',
      startedUptimeSeconds: null,
      phase: null,
      steps: [],
      finishedAt: new Date().toISOString(),
      answer: experiment.answer,
      verdict: { outcome: 'not_here', summary: reason, checks: [] },
      error: null,
      recording: null,
      facts: null
    }
    await this.#deps.store.save(run)
    return run
  }

  async #begin (experiment: Experiment, prediction: string | null): Promise<RunView> {
    const { store, cgroupVersion } = this.#deps
    const deps = { ...this.#deps, recorder: new Recorder(cgroupVersion) }
    const live = new LiveRun(newRun(experiment, prediction), experiment, deps)
    await store.save({ ...live.view, recording: null, facts: null })
    this.#current = live
    this.#ended = live.perform().then(run => this.#end(run))
    return live.view
  }

  #end (run: Run): void {
    this.#unsaved.set(run.id, run)
    this.#current = null
    this.#saving = this.#save(run)
  }

  /** Tries until it succeeds: a run is not lost because Postgres was away for a while. */
  async #save (run: Run): Promise<void> {
    const { store, log } = this.#deps
    for (;;) {
      try {
        await store.save(run)
        this.#unsaved.delete(run.id)
        return
      } catch (err) {
        log.warn({ err, run: run.id }, 'a run could not be saved yet; it stays in memory until then')
      }
      if (this.#closing.signal.aborted) return
      await delay(SAVE_RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {})
    }
  }
}

function newRun ({ id }: Experiment, prediction: string | null): NewRun {
  const startedAt = new Date().toISOString()
  return { id: randomUUID(), experiment: id, prediction, startedAt, startedUptimeSeconds: uptimeSeconds() }
}

function oneAtATime (current: RunView | null): Refusal {
  const which = current === null ? 'Another run is starting' : `${current.experiment} is running (/api/runs/${current.id})`
  return new Refusal({ status: 409, code: 'run_in_progress', detail: `${which}; one run at a time. Wait for it, or cancel it.` })
}
