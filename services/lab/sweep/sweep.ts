import { randomUUID } from 'node:crypto'
import { uptimeSeconds } from '#lab/clock.ts'
import type {
  Knee, LimitValue, Search, SweepResult, SweepSpec, SweepState, SweepView, SweptLimits, Trial, TrialPurpose
} from '#lab/wire/sweep.ts'
import type { MachineSize } from '#shared/limits/change.ts'
import { fitsConfirmation, paceOf, secondsToCome, trialsThatFit, usualTiming, type Pace } from './plan.ts'
import { cpuRange, demandOf, memoryRange, pidsPeakOf } from './ranges.ts'
import { recommendedLimits } from './recommendation.ts'
import { noResult, resultOf } from './result.ts'
import { nextLimit, trialsToCome, type Range, type Tried } from './search.ts'
import type { TrialRunner } from './trial.ts'

/** Why a sweep is stopped early. */
export type Stop = Extract<SweepState, 'cancelled' | 'interrupted'>

export interface SweepDeps {
  machine: MachineSize
  before: SweptLimits
  runner: Pick<TrialRunner, 'run'>
  putBack: () => Promise<void>
  /** Somebody has to type each limit, which takes as long as it takes. */
  isByHand: boolean
  onChange: (view: SweepView) => void
  timing?: typeof usualTiming
}

/** A trial that did not pass is repeated so often where everything else depends on it. */
const MOST_BASELINES = 3
const MOST_CONFIRMATIONS = 2
/** Binary fractions are not exact: 57 hundredths are not 0.57. */
const CENTS = 100

/** One sweep: baseline, CPU, memory (or one of the two), confirmation. The limits are put back however it ends. */
export class LiveSweep {
  readonly #deps: SweepDeps
  readonly #timing: typeof usualTiming
  readonly #stopping = new AbortController()
  readonly #startedMs = performance.now()
  readonly #mostSeconds: number
  #view: SweepView
  #endsAtMs: number

  constructor (spec: SweepSpec, deps: SweepDeps) {
    this.#deps = deps
    this.#timing = deps.timing ?? usualTiming
    this.#mostSeconds = deps.isByHand ? Infinity : this.#timing.mostSeconds
    const plannedSeconds = secondsToCome('baseline', 1, spec.only, this.#timing)
    this.#endsAtMs = this.#startedMs + plannedSeconds * 1000
    this.#view = {
      id: randomUUID(),
      state: 'running',
      spec,
      startedAt: new Date().toISOString(),
      startedUptimeSeconds: uptimeSeconds(),
      finishedAt: null,
      machine: deps.machine,
      before: deps.before,
      plannedSeconds,
      remainingSeconds: plannedSeconds,
      current: null,
      toType: null,
      trials: [],
      result: null,
      error: null
    }
  }

  get view (): SweepView {
    const isRunning = this.#view.state === 'running'
    const leftMs = isRunning ? Math.max(0, this.#endsAtMs - performance.now()) : 0
    return { ...this.#view, remainingSeconds: Math.round(leftMs / 1000) }
  }

  stop (reason: Stop): void { this.#stopping.abort(reason) }

  /** Without a broker: what somebody has to type. */
  show (toType: string | null): void { this.#change({ toType }) }

  /** Never rejects. */
  async perform (): Promise<void> {
    const ending = await this.#search().then(
      result => ({ state: 'finished' as const, result, error: null }), err => this.#endingOf(err))
    await this.#deps.putBack()
    this.#change({ ...ending, current: null, finishedAt: new Date().toISOString() })
  }

  async #search (): Promise<SweepResult> {
    const { spec } = this.#view
    const baseline = await this.#baseline()
    const demand = baseline.figures === null ? null : demandOf(baseline.figures, spec)
    if (baseline.outcome !== 'passed' || demand === null) return this.#noResult()

    const cpus = spec.only === 'memory' ? null : await this.#leastCpus(demand, baseline.limits)
    if (cpus === null && spec.only !== 'memory') return this.#noResult()
    const memoryBytes = spec.only === 'cpus' ? null : await this.#leastMemory(cpus, baseline.limits)
    if (cpus === null && memoryBytes === null) return this.#noResult()
    return this.#confirm({ cpus, memoryBytes, pidsPeak: pidsPeakOf(this.#view.trials) }, baseline.limits)
  }

  #noResult (): SweepResult { return noResult(this.#view.spec, this.#view.trials, this.#deps.machine.cpus) }

  async #leastCpus (demand: number, most: SweptLimits): Promise<Knee | null> {
    return this.#narrow('cpus', cpuRange(demand, this.#deps.machine.cpus),
      cpus => ({ ...most, cpus: Math.round(cpus * CENTS) / CENTS }))
  }

  /** With the CPU limit that will be recommended. `null`: the kernel does not count memory. */
  async #leastMemory (cpus: Knee | null, most: SweptLimits): Promise<Knee | null> {
    const { spec: { marginShare }, trials } = this.#view
    const { machine } = this.#deps
    const range = memoryRange(trials, most.memoryBytes, machine.memoryBytes)
    if (range === null) return null
    const roomy = recommendedLimits({ cpus, memoryBytes: null, pidsPeak: null }, marginShare, most, machine)
    return this.#narrow('memory', range, memoryBytes => ({ ...roomy, memoryBytes }))
  }

  /** With all CPUs of the machine; with more memory only if the service was killed for want of it. */
  async #baseline (): Promise<Trial> {
    const { before, machine } = this.#deps
    let { memoryBytes } = before
    const cpus = this.#view.spec.only === 'memory' ? before.cpus : machine.cpus
    for (let tries = 1; ; tries++) {
      const trial = await this.#try('baseline', { ...before, cpus, memoryBytes }, 1)
      if (trial.outcome === 'passed' || tries === MOST_BASELINES) return trial
      if (wasKilled(trial)) memoryBytes = doubled(memoryBytes, machine.memoryBytes)
    }
  }

  async #narrow (
    purpose: Search, range: Range, limitsAt: (limit: number) => SweptLimits
  ): Promise<Knee | null> {
    const key = purpose === 'cpus' ? 'cpus' : 'memoryBytes'
    const { only } = this.#view.spec
    const tried: Tried[] = []
    for (;;) {
      const fit = trialsThatFit({ search: purpose, done: tried.length, only }, this.#pace, this.#timing)
      const next = nextLimit(tried, range, fit)
      if ('done' in next) return next.done
      const limits = limitsAt(next.limit)
      const { outcome } = await this.#try(purpose, limits, trialsToCome(tried, range))
      tried.push({ limit: limits[key] as number, outcome })
    }
  }

  /** All of the limits together, with the margin. */
  async #confirm (found: Parameters<typeof recommendedLimits>[0], most: SweptLimits): Promise<SweepResult> {
    const { spec } = this.#view
    const limits = recommendedLimits(found, spec.marginShare, most, this.#deps.machine)
    for (let tries = 1; ; tries++) {
      const trial = await this.#try('confirmation', limits, 1)
      if (trial.outcome === 'passed') return resultOf('recommended', spec, found, limits, trial)
      const isLast = tries === MOST_CONFIRMATIONS || !fitsConfirmation(this.#pace, this.#timing)
      if (isLast) return resultOf('not_confirmed', spec, found, limits, trial)
    }
  }

  /** `toCome`: about how many trials of this purpose there will be, this one included. */
  async #try (purpose: TrialPurpose, limits: SweptLimits, toCome: number): Promise<Trial> {
    const planned = { number: this.#view.trials.length + 1, purpose, limits }
    const { only } = this.#view.spec
    this.#endsAtMs = performance.now() + secondsToCome(purpose, toCome, only, this.#timing) * this.#pace.slowness * 1000
    const trial = await this.#deps.runner.run(planned, this.#stopping.signal,
      step => this.#change({ current: { ...planned, step } }))
    this.#change({ trials: [...this.#view.trials, trial], current: null })
    return trial
  }

  get #pace (): Pace {
    const secondsPassed = (performance.now() - this.#startedMs) / 1000
    return paceOf(this.#view.trials.length, secondsPassed, this.#mostSeconds, this.#timing)
  }

  #endingOf (fault: unknown): Pick<SweepView, 'state' | 'result' | 'error'> {
    const reason = this.#stopping.signal.reason as Stop | undefined
    if (reason !== undefined) return { state: reason, result: null, error: null }
    return { state: 'failed', result: null, error: fault instanceof Error ? fault.message : String(fault) }
  }

  #change (change: Partial<SweepView>): void {
    this.#view = { ...this.#view, ...change }
    this.#deps.onChange(this.view)
  }
}

function wasKilled ({ figures }: Trial): boolean {
  return figures !== null && (figures.restarts > 0 || (figures.oomKills ?? 0) > 0)
}

function doubled (bytes: LimitValue, most: number): LimitValue {
  return bytes === 'max' ? bytes : Math.min(bytes * 2, most)
}
