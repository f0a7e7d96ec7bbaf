/** The queue of the replay: one job at a time, each with the effect on its worker that the real one has. */
import { randomUUID } from 'node:crypto'
import type { JobsView } from '#lab/wire/live.ts'
import type { JobRequest, JobError } from '#shared/jobs/job.ts'
import type { Usage, World } from './world.ts'

type JobView = NonNullable<JobsView['latest']>[number]
const MIB = 1024 ** 2

interface Plan { load: Usage | null, seconds: number, error: JobError | null }

const oomKilled: JobError = {
  code: 'oom_killed',
  message: 'the kernel’s OOM killer ended the job’s process (oom_kill +1, oom +1) at 256 MiB; ' +
    'the container reached its own memory limit, 256 MiB'
}

/** What a job uses of worker 1, for how long, and how it ends. */
function plan ({ kind, params }: JobRequest): Plan {
  switch (kind) {
    case 'noop': return { load: null, seconds: 0.25, error: null }
    case 'sleep': return { load: null, seconds: params.ms / 1000, error: null }
    case 'cpu': return { load: { cores: params.threads }, seconds: params.ms * params.threads / 500, error: null }
    case 'memory': return params.mib > 190
      ? { load: { mib: params.mib }, seconds: 2.25, error: oomKilled }
      : { load: { mib: params.mib }, seconds: 1 + params.holdMs / 1000, error: null }
    case 'file': return { load: { fileMib: params.mib }, seconds: 4, error: null }
    case 'processes': return { load: { tasks: params.count }, seconds: 2, error: null }
    case 'probe': return { load: { cores: 1 }, seconds: params.times / (params.with === 'node' ? 3 : 100), error: null }
  }
}

export class ReplayJobs {
  readonly #world: World
  readonly #jobs: JobView[] = []
  #endsAt = Infinity

  constructor (world: World) { this.#world = world }

  post (request: JobRequest): JobView {
    const job = {
      ...request,
      id: randomUUID(),
      status: 'queued',
      attempts: 0,
      createdAt: new Date().toISOString(),
      startedAt: null,
      finishedAt: null,
      worker: null,
      usage: null,
      result: null,
      error: null
    } as JobView
    this.#jobs.unshift(job)
    return job
  }

  /** Whether the job could still be cancelled; `null` = there is no such job. */
  cancel (id: string): boolean | null {
    const job = this.#jobs.find(job => job.id === id)
    if (!job) return null
    if (job.status !== 'queued' && job.status !== 'running') return false
    this.#finish(job, 'cancelled', { code: 'cancelled', message: 'cancelled on request' })
    return true
  }

  step (): void {
    const running = this.#jobs.find(({ status }) => status === 'running')
    if (running && this.#world.seconds >= this.#endsAt) {
      const { error } = plan(running as JobRequest)
      this.#finish(running, error ? 'failed' : 'succeeded', error)
    }
    const next = this.#jobs.findLast(({ status }) => status === 'queued')
    if (running?.status === 'running' || !next) return
    const { load, seconds } = plan(next as JobRequest)
    Object.assign(next, { status: 'running', attempts: 1, startedAt: new Date().toISOString(), worker: 'limits-lab-worker-1' })
    this.#endsAt = this.#world.seconds + seconds
    this.#world.want('worker', 1, load)
  }

  view (isDown: boolean): JobsView {
    const count = (status: string) => this.#jobs.filter(job => job.status === status).length
    return {
      at: new Date().toISOString(),
      services: { api: 'up', worker: 'up', postgres: 'up', redis: isDown ? 'down' : 'up' },
      queue: { waiting: count('queued'), active: count('running') },
      latest: this.#jobs.slice(0, 20)
    }
  }

  #finish (job: JobView, status: JobView['status'], error: JobError | null): void {
    this.#world.want('worker', 1, null)
    Object.assign(job, {
      status,
      error,
      result: job.kind === 'processes' && status === 'succeeded' ? { started: 104, refused: 96 } : null,
      finishedAt: new Date().toISOString(),
      usage: usageOf(job, error)
    })
  }
}

function usageOf ({ kind, startedAt }: JobView, error: JobError | null): JobView['usage'] {
  if (startedAt === null) return null
  const wallMs = Date.now() - Date.parse(startedAt)
  return {
    wallMs,
    cpuSeconds: kind === 'cpu' ? wallMs / 2000 : 0.04,
    throttledSeconds: kind === 'cpu' ? wallMs / 2300 : 0,
    peakMemoryBytes: (error?.code === 'oom_killed' ? 256 : 142) * MIB,
    peakMemoryFrom: 'kernel'
  }
}
