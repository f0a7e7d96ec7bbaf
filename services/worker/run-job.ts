import { setTimeout as delay } from 'node:timers/promises'
import type { Job, JobError, JobResult, JobOutcome } from '#shared/jobs/job.ts'
import { explainDeath, explainStop, type ProcessDeath, type StopReason } from './failure.ts'
import type { Meter } from './meter.ts'
import type { Work } from './runner-main.ts'
import type { RunnerResult } from './runner-process.ts'
import { usageBetween, type UsageReading } from './usage.ts'

/** The process that runs jobs which use resources. */
export interface Runner {
  run: (work: Work) => Promise<RunnerResult>
  kill: () => void
}

/** Runs one job to its end. Aborting `signal` ends the job; the signal's reason says why. */
export async function runJob (job: Job, runner: Runner, meter: Meter, signal: AbortSignal): Promise<JobOutcome> {
  const ended = await perform(job, runner, signal)
  const { usage, oom } = meter.stop()
  if ('result' in ended) return { status: 'succeeded', usage, result: ended.result, error: null }
  const error = explain(ended, { oom, peak: { bytes: usage.peakMemoryBytes, from: usage.peakMemoryFrom } }, signal)
  return { status: error.code === 'cancelled' ? 'cancelled' : 'failed', usage, result: null, error }
}

/** A job that does nothing needs no timer and no process. It ends as it starts: its first reading is also its last. */
export function runNoop (read: () => UsageReading): JobOutcome {
  const reading = read()
  return { status: 'succeeded', usage: usageBetween(reading, reading, null), result: {}, error: null }
}

async function perform (job: Job, runner: Runner, signal: AbortSignal): Promise<RunnerResult> {
  if (job.kind === 'sleep') return sleep(job.params.ms, signal)
  // The job was aborted after its start in the store and before this point: the listener below would miss that.
  if (signal.aborted) return { failed: 'aborted' }
  const kill = (): void => runner.kill()
  signal.addEventListener('abort', kill)
  const { kind, params } = job
  return runner.run({ kind, params } as Work).finally(() => signal.removeEventListener('abort', kill))
}

/** Sleeping costs nothing, so it needs no process of its own. */
async function sleep (ms: number, signal: AbortSignal): Promise<RunnerResult> {
  const result: JobResult = {}
  return delay(ms, { result }, { signal }).catch(() => ({ failed: 'aborted' }))
}

type Failed = Exclude<RunnerResult, { result: JobResult }>
type KillEvidence = Pick<ProcessDeath, 'oom' | 'peak'>

function explain (ended: Failed, evidence: KillEvidence, signal: AbortSignal): JobError {
  const stoppedBy = signal.aborted ? signal.reason as StopReason : null
  if ('failed' in ended) return stoppedBy === null ? { code: 'crashed', message: ended.failed } : explainStop(stoppedBy)
  return explainDeath({ ...ended, ...evidence, stoppedBy })
}
