import { setTimeout as delay } from 'node:timers/promises'
import type { Stage } from '#lab/experiments/acting/stage.ts'
import { SteadyJobs } from '#lab/experiments/acting/steady-jobs.ts'
import { isOfTheService } from '#lab/experiments/judging/load-checks.ts'
import type { Loads } from '#lab/load/loads.ts'
import type { LoadSummary } from '#lab/wire/load.ts'
import type { SweepSpec } from '#lab/wire/sweep.ts'
import type { JobRequest } from '#shared/jobs/job.ts'
import type { WorkDone } from './figures.ts'
import { jobsDone, type TimedJob } from './jobs-done.ts'

/** What a service has to do during a trial. */
export interface Work {
  /** Until all has ended: the next begins with an empty queue. @throws the signal's reason if it is aborted */
  run: (seconds: number, signal: AbortSignal) => Promise<WorkDone>
}

const CONNECTIONS = 100
/** A request that takes so long has missed the goal; a trial must not wait long for it. */
const TIMES_GOAL = 4
const LEAST_PATIENCE_MS = 2000
const MOST_PATIENCE_MS = 20_000

function patienceMs ({ goal: { p99Ms } }: SweepSpec): number {
  return Math.min(MOST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, p99Ms * TIMES_GOAL))
}

/** Requests in an open loop, by the load generator. */
export class RequestWork implements Work {
  readonly #spec: SweepSpec
  readonly #work: Extract<SweepSpec['work'], { kind: 'requests' }>
  readonly #loads: Pick<Loads, 'run'>

  constructor (spec: SweepSpec, work: Extract<SweepSpec['work'], { kind: 'requests' }>, loads: Pick<Loads, 'run'>) {
    this.#spec = spec
    this.#work = work
    this.#loads = loads
  }

  async run (seconds: number, signal: AbortSignal): Promise<WorkDone> {
    const { service, port, ratePerSecond } = this.#spec
    const { kind: _, ...request } = this.#work
    return requestsDone(await this.#loads.run({
      service,
      ...(port !== undefined && { port }),
      ...request,
      // The two halves are steps of the same rate, so that each has its own figures.
      ratesPerSecond: [ratePerSecond, ratePerSecond],
      durationSeconds: seconds,
      connections: CONNECTIONS,
      timeoutSeconds: patienceMs(this.#spec) / 1000
    }, signal))
  }
}

export function requestsDone (summary: LoadSummary): WorkDone {
  const { total: { due, failed, latency }, steps, seconds, generator } = summary
  return {
    seconds,
    due,
    failed,
    p50Ms: latency.p50Ms,
    p99Ms: latency.p99Ms,
    halvesP50Ms: [steps[0]?.latency.p50Ms ?? null, steps[1]?.latency.p50Ms ?? null],
    doubt: isOfTheService({ summary }) ? null : generator.text
  }
}

/** What posting jobs takes of a stage. */
export type JobStage = Pick<Stage, 'offer' | 'endings' | 'putBack'>

/** Jobs at a steady rate, posted to the API. */
export class JobWork implements Work {
  readonly #spec: SweepSpec
  readonly #job: JobRequest
  readonly #stageOf: (signal: AbortSignal) => JobStage

  constructor (spec: SweepSpec, job: JobRequest, stageOf: (signal: AbortSignal) => JobStage) {
    this.#spec = spec
    this.#job = job
    this.#stageOf = stageOf
  }

  async run (seconds: number, signal: AbortSignal): Promise<WorkDone> {
    const stage = this.#stageOf(signal)
    const startedMs = performance.now()
    const steady = new SteadyJobs(stage, this.#spec.ratePerSecond, this.#job)
    try {
      await delay(seconds * 1000, undefined, { signal }).finally(() => steady.stop())
      const jobs = await stage.endings(steady.ids, patienceMs(this.#spec)) as Array<TimedJob | null>
      return jobsDone(jobs, steady.notAccepted, (performance.now() - startedMs) / 1000)
    } finally {
      await stage.putBack()
    }
  }
}
