import type { OomEvidence } from '#cgroup/oom-cause.ts'
import type { Peak } from '#cgroup/peak.ts'
import type { JobError } from '#shared/jobs/job.ts'
import { killWords } from './kill-words.ts'

/** How the process of a job came to its end before it could answer, and what is known beside it. */
export interface ProcessDeath {
  exitCode: number | null
  signal: NodeJS.Signals | null
  /** The last of what it wrote to standard error. */
  lastWords: string
  /** What the container's cgroup counted while the job ran. */
  oom: OomEvidence
  /** The highest usage meanwhile. */
  peak: Peak
  /** Set where the worker itself ended it. */
  stoppedBy: StopReason | null
}

export type StopReason = 'timeout' | 'cancelled'

/**
 * Why the process died. Exit code 137 is not evidence of anything: it is any SIGKILL. Only `oom_kill`, which the kernel
 * counts for the cgroup whose process it killed, tells an out-of-memory kill from the others; for whose limit, other
 * counts say.
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

export function explainStop (ending: StopReason): JobError {
  return ending === 'timeout'
    ? { code: 'timeout', message: 'the job took longer than this worker allows' }
    : { code: 'cancelled', message: 'cancelled while it ran' }
}

/**
 * V8's own words: "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory". `null`: it said
 * nothing like it.
 */
function heapExhaustionIn (lastWords: string): string | null {
  const line = lastWords.split('\n').find(line => line.includes('JavaScript heap out of memory'))
  return line === undefined ? null : storable(line)
}

function quoted (lastWords: string): string {
  const lastLine = lastWords.trim().split('\n').at(-1) ?? ''
  return lastLine === '' ? '' : `; it last wrote: ${storable(lastLine)}`
}

/** Cut, and without NULs and halves of characters, which Postgres refuses in JSON. */
function storable (text: string): string {
  return Buffer.from(text.replaceAll('\0', '').slice(0, 300)).toString()
}
