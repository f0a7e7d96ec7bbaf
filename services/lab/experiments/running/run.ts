import { setTimeout as delay } from 'node:timers/promises'
import { NotMeasured, type Stage, type StageRun } from '#lab/experiments/acting/stage.ts'
import type { Experiment } from '#lab/experiments/experiment.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import { verdictOf } from '#lab/experiments/judging/verdict.ts'
import type { Phase, Run, RunState, RunView, Verdict } from '#lab/wire/experiments.ts'
import type { JobsView } from '#lab/wire/live.ts'
import type { Recorder } from './recorder.ts'

/** Why a run is stopped early. */
export type Stop = Extract<RunState, 'cancelled' | 'interrupted'> | 'too_long'

interface Deps {
  /** All that are read. */
  services: string[]
  recorder: Recorder
  stageOf: (run: StageRun) => Stage
  stack: { view: () => Promise<JobsView> }
  onChange: (run: RunView) => void
  timing?: Timing
}

export interface Timing {
  /** How long the baseline is, and the reading on when everything is well again. */
  rest: Rest
  healthEveryMs: number
  wellAgainMs: number
  /** The longest run, as a multiple of the experiment's `seconds`. */
  longestFactor: number
}

/** Lasts until every service was read `readings` times: that is what the checks need of it, at any sampling rate. */
interface Rest {
  readings: number
  atLeastMs: number
  /** A container that ended may not come back. */
  atMostMs: number
}

/** What is known of a run before it begins. */
export type NewRun = Pick<RunView, 'id' | 'experiment' | 'prediction' | 'startedAt' | 'startedUptimeSeconds'>

/** Generous: an emulated host is slow, and the engine waits longer before each restart of a container. */
const usualTiming: Timing = {
  rest: { readings: 3, atLeastMs: 500, atMostMs: 3000 },
  healthEveryMs: 1000,
  wellAgainMs: 180_000,
  longestFactor: 60
}
const READINGS_POLL_MS = 25
const WELL_POLL_MS = 200

/** One run: baseline, action, recovery, verdict. Everything is put back, however the action ends. */
export class LiveRun {
  readonly recorder: Recorder
  #view: RunView
  #facts: unknown = null
  #isAskingHealth = false
  readonly #experiment: Experiment
  readonly #deps: Deps
  readonly #timing: Timing
  readonly #stopping = new AbortController()

  constructor (run: NewRun, experiment: Experiment, deps: Deps) {
    const nothingYet = { phase: null, steps: [], finishedAt: null, answer: null, verdict: null, error: null }
    this.#view = { ...run, state: 'running', ...nothingYet }
    this.#experiment = experiment
    this.#deps = deps
    this.#timing = deps.timing ?? usualTiming
    this.recorder = deps.recorder
  }

  get view (): RunView { return this.#view }

  stop (reason: Stop): void { this.#stopping.abort(reason) }

  /** Runs to the end, whatever happens. */
  async perform (): Promise<Run> {
    // At once, too: a short run is not over before services were asked twice.
    this.#askHealth()
    const health = setInterval(() => this.#askHealth(), this.#timing.healthEveryMs)
    const tooLong = setTimeout(
      () => this.stop('too_long'),
      this.#experiment.seconds * 1000 * this.#timing.longestFactor
    )
    const { signal } = this.#stopping
    const stage = this.#deps.stageOf({
      evidence: () => this.#evidence(),
      seconds: () => this.recorder.seconds(),
      lastReadSeconds: service => this.recorder.lastReadSeconds(service),
      say: text => this.#say(text),
      signal
    })
    const fault = await this.#act(stage, signal).then(() => null, (err: unknown) => err ?? new Error('unknown'))
    clearTimeout(tooLong)
    await this.#recover(stage)
    clearInterval(health)
    return this.#finish(fault)
  }

  async #act (stage: Stage, signal: AbortSignal): Promise<void> {
    this.#begin('baseline')
    await this.#rest(signal)
    this.#begin('action')
    this.#facts = await this.#experiment.act(stage)
  }

  /** After a cancellation too: the next run finds the stack as this one found it. */
  async #recover (stage: Stage): Promise<void> {
    this.#begin('recovery')
    await stage.putBack()
    await this.#wellAgain()
    if (!this.#stopping.signal.aborted) await this.#rest()
  }

  async #rest (signal?: AbortSignal): Promise<void> {
    const { readings, atLeastMs, atMostMs } = this.#timing.rest
    const from = this.recorder.seconds()
    const wasRead = (): boolean => this.recorder.fewestReadings(this.#deps.services, from) >= readings
    const deadline = performance.now() + atMostMs
    await delay(atLeastMs, undefined, { signal })
    while (!wasRead() && performance.now() < deadline) await delay(READINGS_POLL_MS, undefined, { signal })
  }

  /** A lab that is stopping does not wait: it has only seconds. */
  async #wellAgain (): Promise<void> {
    const deadline = performance.now() + this.#timing.wellAgainMs
    while (this.#stopping.signal.reason !== 'interrupted' && performance.now() < deadline) {
      if (isWell(await this.#deps.stack.view())) return
      await delay(WELL_POLL_MS)
    }
  }

  #finish (fault: unknown): Run {
    const recording = this.recorder.recording()
    const ending = this.#endingOf(fault)
    const { answer } = this.#experiment
    this.#change({ ...ending, phase: null, startedUptimeSeconds: null, finishedAt: new Date().toISOString(), answer })
    return { ...this.#view, recording, facts: this.#facts }
  }

  #endingOf (fault: unknown): { state: RunState, verdict: Verdict | null, error: string | null } {
    const reason = this.#stopping.signal.reason as Stop | undefined
    if (fault === null) return this.#judged()
    if (reason === 'too_long') return { state: 'failed', verdict: null, error: 'it took too long and was stopped' }
    if (reason !== undefined) return { state: reason, verdict: null, error: null }
    if (fault instanceof NotMeasured) {
      return {
        state: 'finished',
        verdict: { outcome: 'not_measured', summary: fault.message, checks: [] },
        error: null
      }
    }
    return { state: 'failed', verdict: null, error: fault instanceof Error ? fault.message : String(fault) }
  }

  #judged (): { state: RunState, verdict: Verdict | null, error: string | null } {
    try {
      return {
        state: 'finished',
        verdict: verdictOf(this.#experiment.judge(this.#evidence(), this.#facts)),
        error: null
      }
    } catch (err) {
      return { state: 'failed', verdict: null, error: `the judgement failed: ${(err as Error).message}` }
    }
  }

  /** Asks once at a time: otherwise, on a slow host, one answer would count for every question that waited for it. */
  async #askHealth (): Promise<void> {
    if (this.#isAskingHealth) return
    this.#isAskingHealth = true
    const { services } = await this.#deps.stack.view().finally(() => { this.#isAskingHealth = false })
    const down = Object.entries(services).filter(([, state]) => state === 'down')
    this.recorder.recordHealth(down.map(([service]) => service))
  }

  #evidence (): Evidence { return new Evidence(this.recorder.recording()) }

  #begin (phase: Phase): void {
    this.recorder.begin(phase)
    this.#change({ phase })
  }

  #say (text: string): void {
    this.#change({ steps: [...this.#view.steps, { atSeconds: this.recorder.seconds(), text }] })
  }

  #change (change: Partial<RunView>): void {
    this.#view = { ...this.#view, ...change }
    this.#deps.onChange(this.#view)
  }
}

function isWell ({ services, queue }: JobsView): boolean {
  return Object.values(services).every(state => state === 'up') && queue !== null && queue.waiting + queue.active === 0
}
