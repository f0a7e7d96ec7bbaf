import type { OomEvidence } from '#cgroup/oom-cause.ts'
import type { Peak } from '#cgroup/peak.ts'
import type { JobError } from '#shared/jobs/job.ts'
import { killWords } from './kill-words.ts'

/** How a job's process ended before it could answer, and the evidence beside it. */
export interface ProcessDeath {
  exitCode: number | null
  signal: NodeJS.Signals | null
  /** The end of its standard error. */
  lastWords: string
  /** The counts of the container's cgroup while the job ran. */
  oom: OomEvidence
  /** The highest memory usage while the job ran. */
  peak: Peak
  /** Set if the worker itself ended the process. */
  stoppedBy: StopReason | null
}

/** Why the worker itself ended a job's process. */
export type StopReason = 'timeout' | 'cancelled'

/**
 * Why the process died. Exit code 137 proves nothing: it stands for any SIGKILL. Only `oom_kill`, which the kernel
 * counts for the cgroup whose process it killed, distinguishes an out-of-memory kill from the others; other counts say
 * whose limit it was.
 */
export function explainDeath ({ exitCode, signal, lastWords, oom, peak, stoppedBy }: ProcessDeath): JobError {
  if (stoppedBy !== null) return explainStop(stoppedBy)
  if (signal === 'SIGKILL' && (oom.kills ?? 0) > 0) return { code: 'oom_killed', message: killWords(oom, peak) }
  const fatal = heapExhaustionIn(lastWords)
  if (fatal !== null) {
    return { code: 'heap_exhausted', message: `V8 gave up: the job's process reached its heap ceiling before it reached the container's limit ("${fatal}")` }
  }
  const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`
  return { code: 'crashed', message: `the job's process ${how}${quoted(lastWords)}` }
}

export function explainStop (reason: StopReason): JobError {
  return reason === 'timeout'
    ? { code: 'timeout', message: 'the job took longer than this worker allows' }
    : { code: 'cancelled', message: 'cancelled while it ran' }
}

/**
 * Finds V8's own words: "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory". `null`: it
 * said nothing like that.
 */
function heapExhaustionIn (lastWords: string): string | null {
  const line = lastWords.split('\n').find(line => line.includes('JavaScript heap out of memory'))
  return line === undefined ? null : storable(line)
}

function quoted (lastWords: string): string {
  const lastLine = lastWords.trim().split('\n').at(-1) ?? ''
  return lastLine === '' ? '' : `; it last wrote: ${storable(lastLine)}`
}

/** Cuts the text, and removes NULs and halves of characters, which Postgres refuses in JSON. */
function storable (text: string): string {
  return Buffer.from(text.replaceAll('\0', '').slice(0, 300)).toString()
}
