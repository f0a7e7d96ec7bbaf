import { setTimeout as delay } from 'node:timers/promises'
import type { CgroupVersion, Reading } from '#cgroup/reading.ts'
import { kernelName } from '#lab/experiments/series.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { SweepSpec, SweptLimits, Trial, TrialPurpose, TrialStep } from '#lab/wire/sweep.ts'
import { figuresOf, type Judgeable, type WorkDone } from './figures.ts'
import { checksOf, outcomeOf } from './judge.ts'
import { machineTimes, usedCpus } from './machine.ts'
import { LimitsRefused, type TrialLimits } from './limits.ts'
import type { ReadingLog } from './reading-log.ts'
import type { Work } from './work.ts'

export interface Timing {
  /** At least, and at most, between the change of limits and the work. */
  restMs: number
  mostRestMs: number
  warmUpSeconds: number
  judgedSeconds: number
  confirmingSeconds: number
  /** How long a service that was killed may take until it answers again. */
  backMs: number
}

export interface TrialDeps {
  spec: SweepSpec
  version: CgroupVersion
  machineCpus: number
  limits: Pick<TrialLimits, 'set' | 'areInForce' | 'putBack'>
  work: Work
  log: ReadingLog
  /** Not throttled, and with an empty queue. */
  isAtRest: () => Promise<boolean>
  /** It answers. */
  isUp: () => Promise<boolean>
  timing: Timing
}

export interface PlannedTrial { number: number, purpose: TrialPurpose, limits: SweptLimits }

const POLL_MS = 100
const NEXT_READING_MS = 2000
const nothingDone: WorkDone = {
  seconds: 0, due: 0, failed: 0, p50Ms: null, p99Ms: null, halvesP50Ms: [null, null], doubt: null
}

/** Tries one set of limits: sets them, waits for rest, warms up, and judges how the work went. */
export class TrialRunner {
  readonly #deps: TrialDeps

  constructor (deps: TrialDeps) { this.#deps = deps }

  /** @throws the signal's reason, and what keeps the sweep from going on */
  async run (planned: PlannedTrial, signal: AbortSignal, onStep: (step: TrialStep) => void): Promise<Trial> {
    const { log, limits, timing } = this.#deps
    log.begin()
    onStep('setting_limits')
    try {
      await limits.set(planned.limits, signal)
    } catch (err) {
      if (!(err instanceof LimitsRefused)) throw err
      return unjudged(planned, { claim: 'the limits can be set', source: 'the engine', saw: err.message, holds: false })
    }
    onStep('coming_to_rest')
    const isAtRest = await this.#comesToRest(signal)
    if (wasKilled(log.all)) {
      await this.#comesBack(signal)
      return unjudged(planned, this.#killedAtRest())
    }
    if (!isAtRest) {
      const saw = `not within ${timing.mostRestMs / 1000} s`
      return unjudged(planned, { claim: 'the service comes to rest', source: 'lab', saw, holds: null })
    }
    return this.#judged(planned, signal, onStep)
  }

  /** The limit is too low even for a service that has nothing to do. */
  #killedAtRest (): Check {
    const { spec, version } = this.#deps
    const source = `${spec.service}: ${kernelName('oomKill', version)}`
    return { claim: 'no process is killed', source, saw: 'killed before there was any work', holds: false }
  }

  async #judged (planned: PlannedTrial, signal: AbortSignal, onStep: (step: TrialStep) => void): Promise<Trial> {
    onStep('warming_up')
    await this.#deps.work.run(this.#deps.timing.warmUpSeconds, signal)
    await this.#nextReading(signal)
    onStep('judging')
    const seen = await this.#see(planned.purpose, signal)
    const trial = this.#trialOf(planned, seen)
    if (wasKilled(seen.readings) || !await this.#deps.isUp()) await this.#comesBack(signal)
    return trial
  }

  /** A service that was killed while it warmed up needs no further work to be judged. */
  async #see (purpose: TrialPurpose, signal: AbortSignal): Promise<Judgeable> {
    const { log, work, timing } = this.#deps
    const seconds = purpose === 'confirmation' ? timing.confirmingSeconds : timing.judgedSeconds
    const fromUs = log.nowUs()
    const before = machineTimes()
    const done = wasKilled(log.all) ? nothingDone : await work.run(seconds, signal)
    const machineCores = usedCpus(before, machineTimes())
    await this.#nextReading(signal)
    return { readings: log.all, fromUs, work: done, machineCores }
  }

  #trialOf (planned: PlannedTrial, seen: Judgeable): Trial {
    const { spec, version, machineCpus } = this.#deps
    const { doubt } = seen.work
    const figures = figuresOf(seen)
    const checks = [
      this.#stayedInForce(planned.limits),
      ...checksOf({ ...spec, ...planned, version, figures, machineCpus, doubt })
    ]
    return { ...planned, outcome: outcomeOf(checks), checks, figures }
  }

  /** A broker that was away for a while, or somebody with `docker update`, may have changed them meanwhile. */
  #stayedInForce (limits: SweptLimits): Check {
    const isKept = this.#deps.limits.areInForce(limits)
    return {
      claim: 'the limits stay as they were set',
      source: `${this.#deps.spec.service}: ${kernelName('cpuMax', this.#deps.version)}, …`,
      saw: isKept ? 'the same at the end' : 'others at the end',
      holds: isKept ? true : null
    }
  }

  async #comesToRest (signal: AbortSignal): Promise<boolean> {
    const { restMs, mostRestMs } = this.#deps.timing
    await delay(restMs, undefined, { signal })
    return this.#until(() => this.#deps.isAtRest(), mostRestMs, signal)
  }

  /** A container that is started again keeps the limits that killed it, so they are put back first. */
  async #comesBack (signal: AbortSignal): Promise<void> {
    await this.#deps.limits.putBack()
    const { backMs } = this.#deps.timing
    if (!await this.#until(() => this.#deps.isUp(), backMs, signal)) {
      throw new Error(`${this.#deps.spec.service} did not come back within ${backMs / 1000} s`)
    }
    // The next trial counts from a reading of the new life.
    await this.#nextReading(signal)
  }

  /** What the work took is in the next reading. A container that is away has none. */
  async #nextReading (signal: AbortSignal): Promise<void> {
    const { log } = this.#deps
    const nowUs = log.nowUs()
    await this.#until(async () => (log.newest?.monotonicUs ?? 0) > nowUs, NEXT_READING_MS, signal)
  }

  async #until (condition: () => Promise<boolean>, mostMs: number, signal: AbortSignal): Promise<boolean> {
    const deadline = performance.now() + mostMs
    while (!await condition()) {
      if (performance.now() > deadline) return false
      await delay(POLL_MS, undefined, { signal })
    }
    return true
  }
}

function wasKilled (readings: Reading[]): boolean {
  const { oomKills, restarts } = figuresOf({ readings, fromUs: 0, work: nothingDone, machineCores: null })
  return restarts > 0 || (oomKills ?? 0) > 0
}

function unjudged (planned: PlannedTrial, check: Check): Trial {
  return { ...planned, outcome: outcomeOf([check]), checks: [check], figures: null }
}
