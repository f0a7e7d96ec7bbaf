import type { Job, Outcome } from '../shared/job.ts'
import { Meter } from './meter.ts'
import { runJob } from './run-job.ts'
import { RunnerProcess, type RunnerOptions } from './runner-process.ts'
import type { UsageReading } from './usage.ts'

/** The processes jobs run in: as many as there are jobs at once, each used by one job at a time. */
export class Runners {
  readonly #options: RunnerOptions
  readonly #all = new Set<RunnerProcess>()
  readonly #free: RunnerProcess[] = []

  constructor (options: RunnerOptions) {
    this.#options = options
  }

  async run (job: Job, read: () => UsageReading, signal: AbortSignal): Promise<Outcome> {
    const runner = this.#free.pop() ?? this.#create()
    try {
      return await runJob(job, runner, new Meter(read), signal)
    } finally {
      this.#free.push(runner)
    }
  }

  kill (): void {
    for (const runner of this.#all) runner.kill()
  }

  #create (): RunnerProcess {
    const runner = new RunnerProcess(this.#options)
    this.#all.add(runner)
    return runner
  }
}
