/** What a job is, wherever it is spoken of: in the API, the queue, the store and the worker. */
import type { PeakFrom } from '#cgroup/peak.ts'

export const jobKinds = ['noop', 'sleep', 'cpu', 'memory', 'file', 'processes', 'probe'] as const
export type JobKind = typeof jobKinds[number]

/** What each kind is asked to do. Checked once, where it comes in (`api/schemas.ts`). */
export interface JobParams {
  noop: Record<string, never>
  sleep: { ms: number }
  /** `ms` of CPU time on each of `threads` threads. Under a CPU limit it takes longer, never less CPU. */
  cpu: { ms: number, threads: number }
  /**
   * `heap`: in V8's heap instead of outside it; `heapMib`: with this ceiling of V8's, instead of the one the worker's
   * jobs have.
   */
  memory: { mib: number, holdMs: number, heap: boolean, heapMib?: number | undefined }
  /**
   * `tmpfsMib`: first so much into a tmpfs, kept while the file is written. `holdMs`: how long both are kept after
   * that.
   */
  file: { mib: number, tmpfsMib?: number | undefined, holdMs?: number | undefined }
  processes: { count: number, holdMs: number }
  /** A health check of the worker, `times` one after the other, each a process of its own. */
  probe: { with: 'node' | 'bash', times: number }
}

/** A kind with the parameters of that kind. */
export type JobRequest = { [K in JobKind]: { kind: K, params: JobParams[K] } }[JobKind]

export const jobStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = typeof jobStatuses[number]

/**
 * Why a job did not succeed, told from evidence:
 * - `oom_killed` its process got SIGKILL and the cgroup's `oom_kill` rose; for whose limit, the message says where it
 *   is known
 * - `heap_exhausted` V8 gave up before the kernel did
 * - `timeout` it ran longer than the worker allows
 * - `cancelled` somebody asked for it
 * - `worker_lost` the worker died under it, as often as it may be tried
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
  /** `samples`: the highest that was read while it ran; between two looks it may have been higher. */
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

/** How a job ended. */
export interface JobOutcome {
  status: 'succeeded' | 'failed' | 'cancelled'
  usage: Usage | null
  result: JobResult | null
  error: JobError | null
}
