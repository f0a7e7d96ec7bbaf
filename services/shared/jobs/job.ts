/** What a job is: in the API, the queue, the store and the worker. */
import type { PeakFrom } from '#cgroup/peak.ts'

export const jobKinds = ['noop', 'sleep', 'cpu', 'memory', 'file', 'processes', 'probe'] as const
export type JobKind = typeof jobKinds[number]

/** The parameters of each kind. They are checked once, on arrival (`api/schemas.ts`). */
export interface JobParams {
  noop: Record<string, never>
  sleep: { ms: number }
  /** `ms` of CPU time on each of `threads` threads. Under a CPU limit the job takes longer, and never uses less CPU. */
  cpu: { ms: number, threads: number }
  /**
   * `heap`: takes the memory in V8's heap instead of outside it. `heapMib`: limits V8's heap to this, instead of to
   * what the worker's jobs have.
   */
  memory: { mib: number, holdMs: number, heap: boolean, heapMib?: number | undefined }
  /**
   * `tmpfsMib`: is first written into a tmpfs, and kept while the file is written. `holdMs`: is how long both are kept
   * afterwards.
   */
  file: { mib: number, tmpfsMib?: number | undefined, holdMs?: number | undefined }
  processes: { count: number, holdMs: number }
  /** Runs a health check of the worker `times` times, one after the other, each in a process of its own. */
  probe: { with: 'node' | 'bash', times: number }
}

/** A kind with the parameters of that kind. */
export type JobRequest = { [K in JobKind]: { kind: K, params: JobParams[K] } }[JobKind]

export const jobStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = typeof jobStatuses[number]

/**
 * Why a job did not succeed, judged by evidence:
 * - `oom_killed` its process got SIGKILL and the cgroup's `oom_kill` rose; the message says whose limit it was, if that
 *   is known
 * - `heap_exhausted` V8 gave up before the kernel did
 * - `timeout` it ran longer than the worker allows
 * - `cancelled` somebody cancelled it
 * - `worker_lost` the worker died during every attempt that the job may have
 * - `crashed` none of these: an error, or a death without a known reason
 */
export const failureCodes = ['oom_killed', 'heap_exhausted', 'timeout', 'cancelled', 'worker_lost', 'crashed'] as const
export type FailureCode = typeof failureCodes[number]

export interface JobError {
  code: FailureCode
  message: string
}

/** What the worker's container used while the job ran. `null` = the kernel does not say. */
export interface Usage {
  cpuSeconds: number | null
  throttledSeconds: number | null
  peakMemoryBytes: number | null
  /** `samples`: the highest sampled value; usage may have been higher between two samples. */
  peakMemoryFrom: PeakFrom | null
  wallMs: number
}

export type JobResult = Record<string, number | string | boolean>

export interface JobLife {
  id: string
  status: JobStatus
  /** How often a worker started it. */
  attempts: number
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  /** Hostname of the container that ran it last. */
  worker: string | null
  usage: Usage | null
  result: JobResult | null
  error: JobError | null
}

export type Job = JobRequest & JobLife

/** How a job ended, as the store records it. */
export interface JobOutcome {
  status: 'succeeded' | 'failed' | 'cancelled'
  usage: Usage | null
  result: JobResult | null
  error: JobError | null
}
