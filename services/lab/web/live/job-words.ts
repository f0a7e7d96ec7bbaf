/** Jobs in words, and the jobs that the page can ask for. Pure. */
import { formatBytes, formatPeakName, formatSeconds, NOTHING } from '#lab/format.ts'
import type { JobsView, NewJob } from '#lab/wire/live.ts'

export type JobView = NonNullable<JobsView['latest']>[number]

export interface Offer {
  label: string
  /** What it shows. */
  hint: string
  request: NewJob
}

export const offers: Offer[] = [
  { label: 'noop', hint: 'through the queue and back', request: { kind: 'noop', params: {} } },
  { label: 'sleep 1 s', hint: 'waits and uses nothing', request: { kind: 'sleep', params: { ms: 1000 } } },
  { label: 'cpu 2 s', hint: 'reaches the CPU limit', request: { kind: 'cpu', params: { ms: 2000, threads: 1 } } },
  { label: 'cpu 4 threads', hint: 'reaches it four times as fast', request: { kind: 'cpu', params: { ms: 1000, threads: 4 } } },
  { label: 'memory 128 MiB', hint: 'fits into the limit', request: { kind: 'memory', params: { mib: 128, holdMs: 3000, heap: false } } },
  { label: 'memory 512 MiB', hint: 'beyond the limit', request: { kind: 'memory', params: { mib: 512, holdMs: 3000, heap: false } } },
  { label: 'file 512 MiB', hint: 'fills the page cache', request: { kind: 'file', params: { mib: 512 } } },
  { label: 'processes 200', hint: 'beyond the pids limit', request: { kind: 'processes', params: { count: 200, holdMs: 3000 } } }
]

/** `cpu 2 s × 4 threads`. */
export function jobWords (job: Pick<JobView, 'kind' | 'params'>): string {
  const { kind, params } = job as NewJob
  switch (kind) {
    case 'noop': return 'noop'
    case 'sleep': return `sleep ${duration(params.ms)}`
    case 'cpu': return `cpu ${duration(params.ms)}${params.threads > 1 ? ` × ${params.threads} threads` : ''}`
    case 'memory': {
      const ceiling = params.heapMib ? `, ceiling ${params.heapMib} MiB` : ''
      return `memory ${params.mib} MiB${params.heap ? ' in the heap' : ''}${ceiling}`
    }
    case 'file': return `file ${params.mib} MiB${params.tmpfsMib ? `, ${params.tmpfsMib} MiB in a tmpfs` : ''}`
    case 'processes': return `processes ${params.count}`
    default: return kind
  }
}

type Evidence = Pick<JobView, 'error' | 'result' | 'params' | 'usage' | 'attempts' | 'status'>

/** The evidence: why a job failed, or what its container used meanwhile. */
export function evidenceWords ({ error, result, params, usage, attempts, status }: Evidence): string {
  const parts: string[] = []
  if (error) parts.push(error.message.startsWith(error.code) ? error.message : `${error.code}: ${error.message}`)
  parts.push(...resultWords(result ?? {}, params))
  if (attempts > 1) parts.push(`attempt ${attempts}`)
  if (usage) parts.push(...usageWords(usage))
  if (parts.length > 0) return parts.join(' · ')
  return status === 'queued' ? 'waiting for the worker' : status === 'running' ? 'running' : NOTHING
}

export function isUnfinished ({ status }: Pick<JobView, 'status'>): boolean {
  return status === 'queued' || status === 'running'
}

export function queueWords (queue: JobsView['queue']): string {
  return queue === null ? 'queue not known' : `${queue.waiting} waiting, ${queue.active} running`
}

/** What a job did: `started 109`, `refused 91`. Its parameters are shown already, and times are shown as usage. */
function resultWords (result: NonNullable<JobView['result']>, params: object): string[] {
  return Object.entries(result)
    .filter(([name]) => !(name in params) && !name.endsWith('Ms'))
    .map(([name, value]) => `${name} ${value}`)
}

function usageWords (usage: NonNullable<JobView['usage']>): string[] {
  const { wallMs, cpuSeconds, throttledSeconds, peakMemoryBytes, peakMemoryFrom } = usage
  const words = [`took ${formatSeconds(wallMs / 1000)}`]
  if (cpuSeconds !== null) words.push(`CPU ${formatSeconds(cpuSeconds)}`)
  if (throttledSeconds !== null) {
    words.push(throttledSeconds > 0 ? `throttled ${formatSeconds(throttledSeconds)}` : 'not throttled')
  }
  if (peakMemoryBytes !== null) words.push(`${formatPeakName(peakMemoryFrom)} ${formatBytes(peakMemoryBytes)}`)
  return words
}

function duration (ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`
}
