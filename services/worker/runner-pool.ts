import type { Job, JobOutcome } from '#shared/jobs/job.ts'
import { Meter } from './meter.ts'
import { runJob } from './run-job.ts'
import { RunnerProcess, type RunnerOptions } from './runner-process.ts'
import type { UsageReading } from './usage.ts'

/** The processes that run jobs. There are as many as there are jobs at once, and each runs one job at a time. */
export class RunnerPool {
  readonly #options: RunnerOptions
  readonly #all = new Set<RunnerProcess>()
  readonly #free: RunnerProcess[] = []

  constructor (options: RunnerOptions) {
    this.#options = options
  }

  async run (job: Job, read: () => UsageReading, signal: AbortSignal): Promise<JobOutcome> {
    const heapMib = ownHeapMib(job)
    const runner = heapMib === null ? this.#free.pop() ?? this.#create() : this.#create({ heapMib })
    try {
      return await runJob(job, runner, new Meter(read), signal)
    } finally {
      if (heapMib === null) this.#free.push(runner)
      else this.#end(runner)
    }
  }

  kill (): void {
    for (const runner of this.#all) runner.kill()
  }

  #create (overrides: Partial<RunnerOptions> = {}): RunnerProcess {
    const runner = new RunnerProcess({ ...this.#options, ...overrides })
    this.#all.add(runner)
    return runner
  }

  #end (runner: RunnerProcess): void {
    this.#all.delete(runner)
    runner.kill()
  }
}

/** V8 gets its heap limit once, when a process starts, so a job with a limit of its own gets a process of its own. */
function ownHeapMib (job: Job): number | null {
  return job.kind === 'memory' ? job.params.heapMib ?? null : null
}
