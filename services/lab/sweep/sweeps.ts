import type { CgroupVersion, Reading } from '#cgroup/reading.ts'
import type { Stage, StageRun } from '#lab/experiments/acting/stage.ts'
import type { Changes } from '#lab/limits/changes.ts'
import type { Loads } from '#lab/load/loads.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Sample } from '#lab/wire/live.ts'
import type { SweepSpec, SweepView, SweptLimits } from '#lab/wire/sweep.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { MachineSize } from '#shared/limits/change.ts'
import type { Log } from '#shared/process/log.ts'
import { limitsIn, TrialLimits } from './limits.ts'
import { usualTiming } from './plan.ts'
import { ReadingLog } from './reading-log.ts'
import { LiveSweep, type Stop } from './sweep.ts'
import type { Target } from './target.ts'
import { TrialRunner } from './trial.ts'
import { JobWork, RequestWork, type Work } from './work.ts'

interface Deps {
  changes: Pick<Changes, 'canChange' | 'request' | 'putBack' | 'find'>
  loads: Pick<Loads, 'run'>
  /** For jobs: what a sweep may ask of the stack. */
  stageOf: (run: StageRun) => Stage
  containers: () => Iterable<WatchedContainer>
  /** Read now, not with the last sample: limits may have been changed since. */
  newest: (watched: WatchedContainer) => Reading | null
  sample: () => Sample
  target: Target
  cgroupVersion: CgroupVersion
  machine: MachineSize
  /** What else the lab is doing that would disturb a sweep. `null`: nothing. */
  busyWith: () => string | null
  onChange: (view: SweepView) => void
  log: Log
  timing?: typeof usualTiming
}

/** How many ended sweeps are remembered. */
const KEPT = 20

/** The sweeps of this lab, one at a time. */
export class Sweeps {
  readonly #deps: Deps
  readonly #sweeps: LiveSweep[] = []
  #readings: ReadingLog | null = null
  #isStarting = false
  #ended: Promise<void> = Promise.resolve()

  constructor (deps: Deps) { this.#deps = deps }

  /** @throws Refusal when something else is going on, or the stack is not ready */
  async start (spec: SweepSpec): Promise<SweepView> {
    const busy = this.#deps.busyWith()
    if (busy !== null) throw new Refusal({ status: 409, code: 'stack_busy', detail: `A sweep would disturb: ${busy}.` })
    return (await this.#start(spec)).view
  }

  /**
   * Begins a sweep and waits for its end. For an experiment, which has made sure that nothing else is going on.
   * @throws Refusal as `start` does, the signal's reason
   */
  async run (spec: SweepSpec, signal: AbortSignal): Promise<SweepView> {
    signal.throwIfAborted()
    const sweep = await this.#start(spec)
    const stop = (): void => sweep.stop('cancelled')
    signal.addEventListener('abort', stop)
    await this.#ended.finally(() => signal.removeEventListener('abort', stop))
    signal.throwIfAborted()
    return sweep.view
  }

  /** Newest first. */
  all (): SweepView[] { return this.#sweeps.map(({ view }) => view) }

  find (id: string): SweepView | null { return this.#sweepOf(id)?.view ?? null }

  get running (): SweepView | null { return this.all().find(({ state }) => state === 'running') ?? null }

  /** What a run, a load or a change of limits would disturb. `null`: nothing. */
  get busyWith (): string | null {
    return this.running === null ? null : `a sweep of ${this.running.spec.service} is running`
  }

  /** `null`: there is no such sweep, or it has ended. */
  cancel (id: string): SweepView | null {
    const sweep = this.#sweepOf(id)
    if (sweep?.view.state !== 'running') return null
    sweep.stop('cancelled')
    return sweep.view
  }

  /** After each sample. */
  recordReadings (containers: Iterable<WatchedContainer>): void { this.#readings?.record(containers) }

  async close (reason: Stop = 'interrupted'): Promise<void> {
    for (const sweep of this.#sweeps) sweep.stop(reason)
    await this.#ended
  }

  #sweepOf (id: string): LiveSweep | null { return this.#sweeps.find(({ view }) => view.id === id) ?? null }

  async #start (spec: SweepSpec): Promise<LiveSweep> {
    if (this.#isStarting || this.running !== null) throw oneAtATime()
    this.#isStarting = true
    try {
      await this.#refuseUnlessReady(spec)
      return this.#begin(spec)
    } finally {
      this.#isStarting = false
    }
  }

  async #refuseUnlessReady (spec: SweepSpec): Promise<void> {
    const { service } = spec
    const { changes, target } = this.#deps
    const wrong = await target.wrong(spec)
    if (changes.find(service) !== null) wrong.push(`limits of ${service} are changed; put them back first`)
    if (this.#limitsNow(service) === null) wrong.push(`the kernel does not say what the limits of ${service} are`)
    if (wrong.length === 0) return
    const detail = `A sweep needs a service that is there and has nothing else to do: ${wrong.join('; ')}.`
    throw new Refusal({ status: 409, code: 'stack_not_ready', detail })
  }

  #begin (spec: SweepSpec): LiveSweep {
    const { changes, machine, onChange, log, timing = usualTiming } = this.#deps
    const before = this.#limitsNow(spec.service)!
    const limits = new TrialLimits(spec.service, before, {
      changes,
      limitsNow: () => this.#limitsNow(spec.service),
      onToType: line => sweep.show(line)
    })
    const readings = this.#readings = new ReadingLog(spec.service)
    const sweep: LiveSweep = new LiveSweep(spec, {
      machine,
      before,
      runner: this.#runner(spec, limits, readings, timing),
      // The broker puts back what it is not asked for again.
      putBack: () => limits.putBack().catch((err: unknown) => log.warn({ err }, 'limits are put back when their lease ends')),
      isByHand: !changes.canChange,
      onChange,
      timing
    })
    this.#sweeps.unshift(sweep)
    this.#sweeps.splice(KEPT)
    this.#ended = sweep.perform().finally(() => { this.#readings = null })
    return sweep
  }

  #runner (spec: SweepSpec, limits: TrialLimits, log: ReadingLog, timing: typeof usualTiming): TrialRunner {
    return new TrialRunner({
      spec,
      version: this.#deps.cgroupVersion,
      machineCpus: this.#deps.machine.cpus,
      limits,
      work: this.#workOf(spec),
      log,
      isAtRest: () => this.#isAtRest(spec),
      isUp: () => this.#deps.target.isUp(spec),
      timing
    })
  }

  #workOf (spec: SweepSpec): Work {
    const { loads, stageOf } = this.#deps
    if (spec.work.kind === 'requests') return new RequestWork(spec, spec.work, loads)
    return new JobWork(spec, spec.work.job, signal => stageOf(stageRunOf(signal)))
  }

  #limitsNow (service: string): SweptLimits | null {
    const own = [...this.#deps.containers()].findLast(({ found, isAway }) => found.service === service && !isAway)
    const reading = own === undefined ? null : this.#deps.newest(own)
    return reading && limitsIn(reading)
  }

  async #isAtRest (spec: SweepSpec): Promise<boolean> {
    const containers = this.#deps.sample().containers.filter(({ service }) => service === spec.service)
    const isCalm = containers.some(({ state }) => state === 'calm' || state === 'near_limit')
    return isCalm && await this.#deps.target.isIdle(spec)
  }
}

/** Jobs are posted and waited for; the readings of a sweep are its own. */
function stageRunOf (signal: AbortSignal): StageRun {
  return {
    evidence: () => { throw new Error('a sweep has its own readings') },
    seconds: () => 0,
    lastReadSeconds: () => null,
    say: () => {},
    signal
  }
}

function oneAtATime (): Refusal {
  return new Refusal({ status: 409, code: 'sweep_running', detail: 'A sweep is running; one at a time. Wait for it, or cancel it.' })
}
