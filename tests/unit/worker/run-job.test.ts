import { expect, test } from '@jest/globals'
import type { JobRequest } from '#shared/jobs/job.ts'
import { readingOf } from '#support/readings.ts'
import { Meter } from '#worker/meter.ts'
import { runJob, runNoop } from '#worker/run-job.ts'
import type { Work } from '#worker/runner-main.ts'
import type { RunnerResult } from '#worker/runner-process.ts'
import { jobOf } from './support/jobs.ts'

const sigkill: RunnerResult = { exitCode: null, signal: 'SIGKILL', lastWords: '' }

/** A process that ends as given, or, if that is `null`, when it is killed. */
function fakeRunner (ended: RunnerResult | null) {
  const works: Work[] = []
  let die = (_ended: RunnerResult): void => {}
  let kills = 0
  return {
    works,
    get kills () { return kills },
    run: (work: Work) => {
      works.push(work)
      return new Promise<RunnerResult>(resolve => { die = resolve; if (ended) resolve(ended) })
    },
    kill: () => { kills++; die(sigkill) }
  }
}

function meterOf (oomKills = 0): Meter {
  let reads = 0
  return new Meter(() => readingOf({ memory: { events: { oomKill: reads++ === 0 ? 0 : oomKills } } }))
}

const cpu: JobRequest = { kind: 'cpu', params: { ms: 1, threads: 1 } }

function run (
  request: JobRequest, runner = fakeRunner(null), { signal = new AbortController().signal, oomKills = 0 } = {}
) {
  return runJob(jobOf(request), runner, meterOf(oomKills), signal)
}

function abortedWith (reason: string): AbortSignal {
  return AbortSignal.abort(reason)
}

test('a sleep job succeeds without a process', async () => {
  const runner = fakeRunner(null)
  expect(await run({ kind: 'sleep', params: { ms: 1 } }, runner)).toMatchObject({
    status: 'succeeded',
    result: {},
    error: null,
    usage: { wallMs: 0 }
  })
  expect(runner.works).toEqual([])
})

test('a noop job succeeds at once: it used nothing, and the memory of this moment is its peak', () => {
  const reading = readingOf({ cpu: { usageUs: 5000, throttledUs: 0 }, memory: { currentBytes: 7, peakBytes: 9 } })
  expect(runNoop(() => reading)).toEqual({
    status: 'succeeded',
    result: {},
    error: null,
    usage: { wallMs: 0, cpuSeconds: 0, throttledSeconds: 0, peakMemoryBytes: 7, peakMemoryFrom: 'samples' }
  })
})

test.each<JobRequest>([
  cpu,
  { kind: 'memory', params: { mib: 1, holdMs: 0, heap: false } },
  { kind: 'file', params: { mib: 1 } },
  { kind: 'processes', params: { count: 1, holdMs: 0 } }
])('a $kind job runs in a process, which gets its kind and parameters and nothing more', async request => {
  const runner = fakeRunner({ result: { done: true } })
  expect(await run(request, runner)).toMatchObject({ status: 'succeeded', result: { done: true }, error: null })
  expect(runner.works).toEqual([request])
})

test('a job that answers with an error crashed, in its own words', async () => {
  expect(await run(cpu, fakeRunner({ failed: 'EACCES: permission denied' })))
    .toMatchObject({ status: 'failed', result: null, error: { code: 'crashed', message: 'EACCES: permission denied' } })
})

test.each([[1, 'oom_killed'], [0, 'crashed']])('a process killed while oom_kill rose by %d: %s', async (oomKills, code) => {
  expect(await run(cpu, fakeRunner(sigkill), { oomKills })).toMatchObject({ status: 'failed', error: { code } })
})

test.each([
  ['timeout', { status: 'failed', error: { code: 'timeout' } }],
  ['cancelled', { status: 'cancelled', error: { code: 'cancelled' } }]
])('a running process, ended by %s, is killed, and the outcome says why', async (reason, expected) => {
  const runner = fakeRunner(null)
  const abort = new AbortController()
  const outcome = run(cpu, runner, { signal: abort.signal, oomKills: 1 })
  abort.abort(reason)
  expect(await outcome).toMatchObject({ ...expected, result: null })
  expect(runner.kills).toBe(1)
})

test.each([
  ['timeout', { status: 'failed', error: { code: 'timeout' } }],
  ['cancelled', { status: 'cancelled', error: { code: 'cancelled' } }]
])('a sleep, ended by %s, ends at once', async (reason, expected) => {
  const abort = new AbortController()
  const outcome = run({ kind: 'sleep', params: { ms: 60_000 } }, undefined, { signal: abort.signal })
  abort.abort(reason)
  expect(await outcome).toMatchObject(expected)
})

test.each<JobRequest>([cpu, { kind: 'sleep', params: { ms: 60_000 } }])('a $kind job that was called back before it began does not begin', async request => {
  const runner = fakeRunner(null)
  expect(await run(request, runner, { signal: abortedWith('given back') })).toMatchObject({ status: expect.not.stringMatching('succeeded') })
  expect(runner.works).toEqual([])
})

test('a process that answers just when the time is over has succeeded', async () => {
  const abort = new AbortController()
  const runner = { run: async () => { abort.abort('timeout'); return { result: { done: true } } }, kill: () => {} }
  expect(await runJob(jobOf(cpu), runner, meterOf(), abort.signal)).toMatchObject({ status: 'succeeded', error: null })
})

test('a process is not killed for a signal that comes after its job', async () => {
  const runner = fakeRunner({ result: {} })
  const abort = new AbortController()
  await run(cpu, runner, { signal: abort.signal })
  abort.abort('timeout')
  expect(runner.kills).toBe(0)
})
