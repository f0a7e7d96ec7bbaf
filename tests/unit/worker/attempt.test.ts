import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import type { Job, JobOutcome } from '#shared/jobs/job.ts'
import { StoreUnavailable } from '#shared/stores/postgres.ts'
import { until } from '#support/until.ts'
import { Attempt, type AttemptResult, type AttemptStore } from '#worker/attempt.ts'
import { countJobs } from '#worker/job-metrics.ts'
import { crashed, jobOf, succeeded } from './support/jobs.ts'

const job = jobOf()
const cancelled: JobOutcome = { ...crashed, status: 'cancelled', error: { code: 'cancelled', message: 'x' } }
const away = async (): Promise<never> => { throw new StoreUnavailable('away') }

/** A store that says yes to everything, but for what is given; `calls` is what it was asked, in order. */
function setUp (given: Partial<AttemptStore> = {}, timeoutMs = 60_000) {
  const calls: string[] = []
  const answers: AttemptStore = {
    start: async () => job,
    startAndFinish: async () => true,
    endUnstartable: async () => null,
    finish: async () => true,
    giveBack: async () => {},
    isCancelRequested: async () => false,
    ...given
  }
  const store: AttemptStore = {
    start: (...asked) => { calls.push('start'); return answers.start(...asked) },
    startAndFinish: ended => { calls.push(`startAndFinish ${ended.status}`); return answers.startAndFinish(ended) },
    endUnstartable: id => { calls.push('endUnstartable'); return answers.endUnstartable(id) },
    finish: (id, outcome) => { calls.push(`finish ${outcome.status}`); return answers.finish(id, outcome) },
    giveBack: id => { calls.push('giveBack'); return answers.giveBack(id) },
    isCancelRequested: answers.isCancelRequested
  }
  return {
    calls,
    attempt: new Attempt(store, { worker: 'w1', maxAttempts: 3, timeoutMs }, { cancelPollMs: 5, storeRetryMs: 5 })
  }
}

/** Runs until it is aborted, and then gives this outcome. */
function untilAborted (outcome: JobOutcome, reasons: unknown[] = []) {
  return (_job: Job, signal: AbortSignal) => new Promise<JobOutcome>(resolve => {
    const end = (): void => { reasons.push(signal.reason); resolve(outcome) }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}

test('an attempt starts the job as this worker, runs it and records how it ended', async () => {
  const asked: unknown[] = []
  const { attempt, calls } = setUp({
    start: async (...args) => {
      asked.push(...args)
      return job
    }
  })
  expect(await attempt.make(job.id, async () => succeeded)).toEqual({
    was: 'ended',
    kind: job.kind,
    outcome: succeeded,
    recorded: true
  })
  expect(asked).toEqual([job.id, 'w1', 3])
  expect(calls).toEqual(['start', 'finish succeeded'])
})

test('an attempt at a job that has ended elsewhere in the meantime says that nothing was recorded', async () => {
  const { attempt } = setUp({ finish: async () => false })
  expect(await attempt.make(job.id, async () => succeeded)).toMatchObject({ was: 'ended', recorded: false })
})

test('an attempt at a job that cannot start ends it, and does not run it', async () => {
  const { attempt, calls } = setUp({ start: async () => null, endUnstartable: async () => 'worker_lost' })
  let hasRun = false
  expect(
    await attempt.make(job.id, async () => {
      hasRun = true
      return succeeded
    })
  ).toEqual({ was: 'unstartable', code: 'worker_lost' })
  expect([hasRun, calls]).toEqual([false, ['start', 'endUnstartable']])
})

test('an attempt that is over at once is recorded in one step, as this worker, and tried again while the store is away', async () => {
  const asked: unknown[] = []
  const { attempt, calls } = setUp({
    startAndFinish: async ended => {
      asked.push(ended)
      return asked.length === 1 ? away() : true
    }
  })
  expect(await attempt.makeAtOnce(job.id, 'noop', succeeded)).toEqual({
    was: 'ended',
    kind: 'noop',
    outcome: succeeded,
    recorded: true
  })
  const ended = { id: job.id, worker: 'w1', maxAttempts: 3, ...succeeded }
  expect(asked).toEqual([ended, ended])
  expect(calls).toEqual(['startAndFinish succeeded', 'startAndFinish succeeded'])
})

test('an attempt that is over at once, at a job that cannot start, ends the job as an ordinary one does', async () => {
  const { attempt, calls } = setUp({ startAndFinish: async () => false, endUnstartable: async () => 'cancelled' })
  expect(await attempt.makeAtOnce(job.id, 'noop', succeeded)).toEqual({ was: 'unstartable', code: 'cancelled' })
  expect(calls).toEqual(['startAndFinish succeeded', 'endUnstartable'])
})

test('an outcome, while the store is away, is offered again until it is taken, and the job runs once', async () => {
  let [offers, runs] = [0, 0]
  const { attempt } = setUp({ finish: async () => ++offers === 1 ? away() : true })
  expect(await attempt.make(job.id, async () => { runs++; return succeeded })).toMatchObject({ recorded: true })
  expect([offers, runs]).toEqual([2, 1])
})

test('a start, while the store is away, is asked for again', async () => {
  let asks = 0
  const { attempt } = setUp({ start: async () => ++asks === 1 ? away() : job })
  expect(await attempt.make(job.id, async () => succeeded)).toMatchObject({ was: 'ended' })
})

test('an error of the store that is no outage is not asked for again', async () => {
  const { attempt, calls } = setUp({ finish: async () => { throw new Error('syntax error') } })
  await expect(attempt.make(job.id, async () => succeeded)).rejects.toThrow('syntax error')
  expect(calls).toEqual(['start', 'finish succeeded'])
})

test('an attempt that takes too long is aborted for it', async () => {
  const { attempt } = setUp({}, 5)
  const reasons: unknown[] = []
  await attempt.make(job.id, untilAborted(crashed, reasons))
  expect(reasons).toEqual(['timeout'])
})

test('an attempt whose cancellation is asked for is aborted for it, though the store was away when asked first', async () => {
  let asks = 0
  const { attempt, calls } = setUp({ isCancelRequested: async () => ++asks === 1 ? away() : true })
  const reasons: unknown[] = []
  await attempt.make(job.id, untilAborted(cancelled, reasons))
  expect(reasons).toEqual(['cancelled'])
  expect(calls).toEqual(['start', 'finish cancelled'])
})

test('an attempt that is given back is not recorded', async () => {
  const { attempt, calls } = setUp()
  const result = attempt.make(job.id, untilAborted(crashed))
  attempt.abort('given back')
  expect(await result).toEqual({ was: 'given back' })
  expect(calls).toEqual(['start', 'giveBack'])
})

test('an attempt that succeeds just as it is given back is recorded', async () => {
  const { attempt, calls } = setUp()
  const result = attempt.make(job.id, untilAborted(succeeded))
  attempt.abort('given back')
  expect(await result).toMatchObject({ was: 'ended', recorded: true })
  expect(calls).toEqual(['start', 'finish succeeded'])
})

test('an attempt that is given back while the store is away lets go', async () => {
  const { attempt, calls } = setUp({ finish: away })
  const result = attempt.make(job.id, async () => succeeded)
  await until(() => calls.includes('finish succeeded'), { what: 'the outcome to be offered' })
  attempt.abort('given back')
  await expect(result).rejects.toThrow(StoreUnavailable)
})

test('the first reason to abort is the one that counts', async () => {
  const { attempt, calls } = setUp()
  const reasons: unknown[] = []
  const result = attempt.make(job.id, untilAborted(cancelled, reasons))
  attempt.abort('cancelled')
  attempt.abort('given back')
  await result
  expect([reasons, calls]).toEqual([['cancelled'], ['start', 'finish cancelled']])
})

test('an attempt whose run throws passes the error on and records nothing', async () => {
  const { attempt, calls } = setUp()
  await expect(attempt.make(job.id, async () => { throw new Error('no cgroup') })).rejects.toThrow('no cgroup')
  expect(calls).toEqual(['start'])
})

test('jobs are counted by kind and outcome, once each, by the worker that recorded them', async () => {
  const registry = new Registry()
  const count = countJobs(registry)
  const ended = (outcome: JobOutcome, recorded = true): AttemptResult =>
    ({ was: 'ended', kind: job.kind, outcome, recorded })
  const usage = { cpuSeconds: null, throttledSeconds: null, peakMemoryBytes: null, peakMemoryFrom: null, wallMs: 1500 }
  for (const result of [
    ended({ ...succeeded, usage }), ended(succeeded, false), ended(crashed), ended(cancelled),
    { was: 'given back' }, { was: 'unstartable', code: 'worker_lost' }, { was: 'unstartable', code: 'cancelled' }, { was: 'unstartable', code: null }
  ] satisfies AttemptResult[]) count(result)
  const text = await registry.metrics()
  expect(text.split('\n').filter(line => /^jobs_/.test(line))).toEqual([
    'jobs_finished_total{kind="noop",outcome="succeeded"} 1',
    'jobs_finished_total{kind="noop",outcome="crashed"} 1',
    'jobs_finished_total{kind="noop",outcome="cancelled"} 1',
    'jobs_worker_lost_total 1'
  ])
  expect(text).toContain('job_duration_seconds_sum{kind="noop"} 1.5')
  expect(text).toContain('job_duration_seconds_count{kind="noop"} 1')
})
