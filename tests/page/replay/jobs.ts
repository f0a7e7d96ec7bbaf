/** The queue of the replay: one job at a time, and each does to the world what the real one does to its worker. */
import { randomUUID } from 'node:crypto'
import type { JobsView } from '#lab/wire/live.ts'
import type { JobRequest, JobError } from '#shared/jobs/job.ts'
import type { World } from './world.ts'

type JobView = NonNullable<JobsView['latest']>[number]
const MIB = 1024 ** 2

/** What a job asks of worker 1, for how long, and how it ends. */
function plan ({ kind, params }: JobRequest): { load: Parameters<World['want']>[2], seconds: number, error: JobError | null } {
  switch (kind) {
    case 'noop': return { load: null, seconds: 0.25, error: null }
    case 'sleep': return { load: null, seconds: params.ms / 1000, error: null }
    case 'cpu': return { load: { cores: params.threads }, seconds: params.ms * params.threads / 500, error: null }
    case 'memory': return params.mib > 190
      ? { load: { mib: params.mib }, seconds: 2.25, error: { code: 'oom_killed', message: 'the kernel’s OOM killer ended the job’s process (oom_kill +1, oom +1) at 256 MiB; the container reached its own memory limit, 256 MiB' } }
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

  /** `null` = there is no such job; otherwise whether it could still be cancelled. */
  cancel (id: string): boolean | null {
    const job = this.#jobs.find(job => job.id === id)
    if (!job) return null
    if (job.status !== 'queued' && job.status !== 'running') return false
    this.#finish(job, 'cancelled', { code: 'cancelled', message: 'somebody asked for it' })
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
    const wallMs = job.startedAt === null ? 0 : Date.now() - Date.parse(job.startedAt)
    const isCpu = job.kind === 'cpu'
    Object.assign(job, {
      status,
      error,
      result: job.kind === 'processes' && status === 'succeeded' ? { started: 104, refused: 96 } : null,
      finishedAt: new Date().toISOString(),
      usage: job.startedAt === null ? null : { wallMs, cpuSeconds: isCpu ? wallMs / 2000 : 0.04, throttledSeconds: isCpu ? wallMs / 2300 : 0, peakMemoryBytes: (error?.code === 'oom_killed' ? 256 : 142) * MIB, peakMemoryFrom: 'kernel' }
    })
  }
}
