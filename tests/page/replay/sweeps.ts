/**
 * Sweeps of the replay: made trials that find what a service with this work would need, in a fixed order. They change
 * the limits of the replay's containers, and put load on them, so that the live view shows what a sweep does.
 */
import { randomUUID } from 'node:crypto'
import type { SweepSpec, SweepView, SweptLimits, Trial, TrialPurpose, TrialStep } from '#lab/wire/sweep.ts'
import type { ReplayClock } from './clock.ts'
import type { ReplayLimits } from './limits.ts'
import { HOST, MIB } from './model.ts'
import { NEEDED_CPUS, resultOf, trialOf } from './trials.ts'
import type { World } from './world.ts'

/** Seconds from the beginning of a trial until each step begins, and until the trial ends. */
const steps: Array<[fromSeconds: number, step: TrialStep]> = [
  [0, 'setting_limits'], [1, 'coming_to_rest'], [2, 'warming_up'], [4, 'judging']
]
const TRIAL_SECONDS = 7
/** How long it takes until somebody has typed a line. */
const TYPING_SECONDS = 6

const CPUS = 0.36
const ROOM_MIB = 256
/** The limits that are tried. The one with 0.23 CPUs is disturbed by something else, and repeated. */
const trials: Array<[purpose: TrialPurpose, cpus: number, mib: number]> = [
  ['baseline', HOST.cpus, ROOM_MIB],
  ['cpus', 0.23, ROOM_MIB],
  ['cpus', 0.23, ROOM_MIB],
  ['cpus', 0.32, ROOM_MIB],
  ['cpus', 0.27, ROOM_MIB],
  ['cpus', 0.295, ROOM_MIB],
  ['memory', CPUS, 92],
  ['memory', CPUS, 70],
  ['memory', CPUS, 80],
  ['memory', CPUS, 86],
  ['confirmation', CPUS, 104]
]

export interface SweepRequest extends Pick<SweepSpec, 'ratePerSecond' | 'goal' | 'marginShare'> {
  service?: SweepSpec['service']
  path?: string
  job?: Extract<SweepSpec['work'], { kind: 'jobs' }>['job']
}

export class ReplaySweeps {
  readonly all: SweepView[] = []
  readonly #clock: ReplayClock
  readonly #world: World
  readonly #limits: ReplayLimits
  readonly #hasPressure: boolean
  readonly #onUpdate: (sweep: SweepView) => void
  #trialSince = 0

  constructor (parts: {
    clock: ReplayClock, world: World, limits: ReplayLimits, hasPressure: boolean, onUpdate: (sweep: SweepView) => void
  }) {
    this.#clock = parts.clock
    this.#world = parts.world
    this.#limits = parts.limits
    this.#hasPressure = parts.hasPressure
    this.#onUpdate = parts.onUpdate
  }

  get running (): SweepView | null { return this.all.find(({ state }) => state === 'running') ?? null }

  start ({ service = 'api', path, job, ...rest }: SweepRequest): SweepView {
    const plannedSeconds = trials.length * TRIAL_SECONDS
    const spec: SweepSpec = job === undefined
      ? { ...rest, only: null, service, work: { kind: 'requests', method: 'GET', path: path! } }
      : { ...rest, only: null, service: 'worker', work: { kind: 'jobs', job } }
    const { cpus, memoryBytes, pids } = this.#world.limitsOf(spec.service)
    const sweep: SweepView = {
      id: randomUUID(),
      state: 'running',
      spec,
      startedAt: this.#now(),
      startedUptimeSeconds: this.#clock.uptimeSeconds,
      finishedAt: null,
      machine: HOST,
      before: { cpus, memoryBytes, pids },
      plannedSeconds,
      remainingSeconds: plannedSeconds,
      current: null,
      toType: null,
      trials: [],
      result: null,
      error: null
    }
    this.all.unshift(sweep)
    this.#trialSince = this.#clock.uptimeSeconds
    return sweep
  }

  cancel (id: string): SweepView | null {
    const sweep = this.all.find(sweep => sweep.id === id && sweep.state === 'running')
    if (sweep) this.#end(sweep, 'cancelled')
    return sweep ?? null
  }

  step (): void {
    const sweep = this.running
    if (sweep === null) return
    const planned = trials[sweep.trials.length]!
    const wait = this.#limits.view.canChange ? 0 : TYPING_SECONDS
    const seconds = this.#clock.uptimeSeconds - this.#trialSince - wait
    // On a busy machine a whole trial may pass between two steps.
    if (seconds >= TRIAL_SECONDS && sweep.current !== null) this.#finishTrial(sweep, planned)
    else this.#goOn(sweep, planned, seconds)
  }

  #goOn (sweep: SweepView, [purpose, cpus, mib]: typeof trials[number], seconds: number): void {
    const step = steps.findLast(([from]) => seconds >= from)?.[1] ?? 'setting_limits'
    const { number, step: before } = sweep.current ?? { number: 0, step: null }
    if (number === sweep.trials.length + 1 && before === step) return
    const limits: SweptLimits = { cpus, memoryBytes: mib * MIB, pids: 128 }
    const { service } = sweep.spec
    const isTyped = this.#limits.view.canChange || step !== 'setting_limits'
    if (isTyped) this.#limits.change({ service, cpus, memoryBytes: mib * MIB, pids: 128 }, 'sweep')
    this.#world.want(service, 1, step === 'warming_up' || step === 'judging' ? { cores: NEEDED_CPUS * 0.9 } : null)
    sweep.current = { number: sweep.trials.length + 1, purpose, limits, step }
    sweep.toType = isTyped ? null : lineOf(service, limits)
    this.#report(sweep)
  }

  #finishTrial (sweep: SweepView, [purpose]: typeof trials[number]): void {
    const { number, limits } = sweep.current!
    const isFirst = !sweep.trials.some(({ limits: { cpus } }: Trial) => cpus === limits.cpus)
    sweep.trials = [...sweep.trials, trialOf(sweep.spec, { number, purpose, limits }, isFirst, this.#hasPressure)]
    sweep.current = null
    this.#trialSince = this.#clock.uptimeSeconds
    if (sweep.trials.length < trials.length) { this.#report(sweep); return }
    sweep.result = resultOf(sweep.spec, limits, this.#hasPressure)
    this.#end(sweep, 'finished')
  }

  #end (sweep: SweepView, state: SweepView['state']): void {
    const { spec: { service }, before } = sweep
    this.#world.want(service, 1, null)
    this.#limits.change({ service, memoryBytes: null, cpus: null, pids: null }, 'sweep')
    const toType = this.#limits.view.canChange ? null : lineOf(service, before)
    Object.assign(sweep, { state, finishedAt: this.#now(), current: null, toType })
    this.#report(sweep)
  }

  #report (sweep: SweepView): void {
    const left = (trials.length - sweep.trials.length) * TRIAL_SECONDS - (this.#clock.uptimeSeconds - this.#trialSince)
    sweep.remainingSeconds = sweep.state === 'running' ? Math.max(0, Math.round(left)) : 0
    this.#onUpdate(sweep)
  }

  #now (): string { return new Date(this.#clock.wallMs).toISOString() }
}

function lineOf (service: string, { cpus, memoryBytes, pids }: SweptLimits): string {
  return `docker update --cpus ${cpus} --memory ${memoryBytes} --memory-swap ${memoryBytes} --pids-limit ${pids} ` +
    `$(docker compose ps -q ${service})`
}
