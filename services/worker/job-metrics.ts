import { Counter, Histogram, type Registry } from 'prom-client'
import type { AttemptResult } from './attempt.ts'

/** Counts jobs by kind and outcome. Each job is counted once, by the worker whose record came first. */
export function countJobs (registry: Registry): (result: AttemptResult) => void {
  const registers = [registry]
  const finished = new Counter({
    name: 'jobs_finished_total',
    help: 'Jobs that ended, by kind and outcome: succeeded, cancelled, or why it failed.',
    labelNames: ['kind', 'outcome'],
    registers
  })
  const durations = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time from the start of a job\'s last attempt to its end.',
    labelNames: ['kind'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers
  })
  const lost = new Counter({ name: 'jobs_worker_lost_total', help: 'Jobs given up because their workers were lost.', registers })
  return result => {
    if (result.was === 'unstartable' && result.code === 'worker_lost') lost.inc()
    if (result.was !== 'ended' || !result.recorded) return
    const { kind, outcome } = result
    finished.inc({ kind, outcome: outcome.error?.code ?? outcome.status })
    if (outcome.usage !== null) durations.observe({ kind }, outcome.usage.wallMs / 1000)
  }
}
