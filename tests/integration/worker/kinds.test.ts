import { readdir, readlink } from 'node:fs/promises'
import { afterAll, beforeAll, expect } from '@jest/globals'
import type { JobRequest } from '#shared/jobs/job.ts'
import { until } from '#support/until.ts'
import {
  createStage,
  isGone,
  isRunning,
  runnerOf,
  workerTest as test,
  type Stage,
  type WorkerProcess
} from './support/worker-process.ts'

// One worker, settings as they come but for short limits of time and heap, and jobs in it one after the other.
let stage: Stage
let worker: WorkerProcess
beforeAll(async () => {
  stage = await createStage()
  worker = await stage.startWorker({ JOB_TIMEOUT_MS: '2500', RUNNER_HEAP_MIB: '64', RUNNER_IDLE_MS: '1500' })
}, 30_000)
afterAll(async () => { await stage.close() })

async function run (request: JobRequest) {
  return stage.ended(await stage.post(request))
}

test.each<[JobRequest, object]>([
  [{ kind: 'noop', params: {} }, {}],
  [{ kind: 'sleep', params: { ms: 20 } }, {}],
  [{ kind: 'cpu', params: { ms: 30, threads: 2 } }, { threads: 2 }],
  [{ kind: 'memory', params: { mib: 8, holdMs: 10, heap: false } }, { mib: 8 }],
  [{ kind: 'memory', params: { mib: 4, holdMs: 10, heap: true } }, { mib: 4 }],
  [{ kind: 'memory', params: { mib: 4, holdMs: 10, heap: true, heapMib: 16 } }, { mib: 4 }],
  [{ kind: 'file', params: { mib: 3 } }, { writtenMib: 3, readMib: 3 }],
  [{ kind: 'file', params: { mib: 3, tmpfsMib: 2, holdMs: 10 } }, { writtenMib: 3, readMib: 3 }],
  [{ kind: 'processes', params: { count: 3, holdMs: 10 } }, { started: 3, refused: 0 }],
  [{ kind: 'probe', params: { with: 'bash', times: 3 } }, { answered: 3, unanswered: 0 }],
  [{ kind: 'probe', params: { with: 'node', times: 2 } }, { answered: 2, unanswered: 0 }]
])('a job asked for as %j succeeds', async (request, result) => {
  const job = await run(request)
  expect([job.error, job.status, job.attempts]).toEqual([null, 'succeeded', 1])
  expect(job.result).toMatchObject(result)
  expect(job.usage!.wallMs).toBeGreaterThanOrEqual(0)
  expect(job.worker).not.toBeNull()
}, 20_000)

test('a cpu job uses the CPU time it was asked for, on all threads together', async () => {
  const { result } = await run({ kind: 'cpu', params: { ms: 100, threads: 2 } })
  const { cpuMs } = result as { cpuMs: number }
  expect(cpuMs / 200).toBeGreaterThanOrEqual(1)
  expect(cpuMs / 200).toBeLessThan(2)
}, 20_000)

test('a heap that V8 gives up is heap_exhausted, and the next job succeeds', async () => {
  const job = await run({ kind: 'memory', params: { mib: 200, holdMs: 0, heap: true } })
  expect(job).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'heap_exhausted' }, result: null })
  expect((await run({ kind: 'cpu', params: { ms: 1, threads: 1 } })).status).toBe('succeeded')
}, 30_000)

test('a ceiling of V8\'s that a job brings is its own: above the worker\'s it succeeds, below the job it is heap_exhausted, and no other job gets it', async () => {
  expect((await run({ kind: 'memory', params: { mib: 100, holdMs: 0, heap: true, heapMib: 256 } })).status).toBe('succeeded')
  const job = await run({ kind: 'memory', params: { mib: 100, holdMs: 0, heap: true, heapMib: 32 } })
  expect(job).toMatchObject({
    status: 'failed',
    error: { code: 'heap_exhausted', message: expect.stringContaining('JavaScript heap out of memory') }
  })
  expect((await run({ kind: 'memory', params: { mib: 40, holdMs: 0, heap: true } })).status).toBe('succeeded')
}, 40_000)

test('a process with a ceiling of its own ends with its job', async () => {
  await run({ kind: 'cpu', params: { ms: 1, threads: 1 } })
  const kept = await worker.children()
  await run({ kind: 'memory', params: { mib: 1, holdMs: 0, heap: true, heapMib: 64 } })
  await until(async () => (await worker.children()).every(pid => kept.includes(pid)), {
    what: 'the process of its own to be gone'
  })
}, 20_000)

test('what a killed job had in a tmpfs and on disk is gone with its process', async () => {
  const id = await stage.post({ kind: 'file', params: { mib: 2, tmpfsMib: 2, holdMs: 60_000 } })
  await isRunning(stage, id)
  const runner = await runnerOf(worker)
  await until(async () => (await namelessFilesOf(runner)).length === 2, { what: 'both files, without their names' })
  expect((await readdir(stage.scratch)).length).toBe(0)
  await stage.store.cancel(id)
  await stage.ended(id)
  await until(() => isGone(runner), { what: 'the process of the job to be gone' })
}, 20_000)

async function namelessFilesOf (pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const targets = await Promise.all((await readdir(folder)).map(fd => readlink(`${folder}/${fd}`)))
  return targets.filter(target => target.endsWith(' (deleted)'))
}

test('a process that dies by an unexplained signal crashed', async () => {
  const id = await stage.post({ kind: 'memory', params: { mib: 1, holdMs: 60_000, heap: false } })
  await isRunning(stage, id)
  process.kill(await runnerOf(worker), 'SIGSEGV')
  expect(await stage.ended(id)).toMatchObject({
    status: 'failed',
    error: { code: 'crashed', message: expect.stringContaining('SIGSEGV') }
  })
}, 20_000)

test('a process killed from outside crashed: SIGKILL alone is no evidence of the memory limit', async () => {
  const id = await stage.post({ kind: 'memory', params: { mib: 1, holdMs: 60_000, heap: false } })
  await isRunning(stage, id)
  process.kill(await runnerOf(worker), 'SIGKILL')
  expect(await stage.ended(id)).toMatchObject({ status: 'failed', error: { code: 'crashed' } })
}, 20_000)

test.each<JobRequest>([
  { kind: 'sleep', params: { ms: 60_000 } },
  { kind: 'cpu', params: { ms: 60_000, threads: 1 } }
])('a $kind job that takes too long ends with timeout', async request => {
  const { status, error, usage } = await run(request)
  expect([status, error!.code]).toEqual(['failed', 'timeout'])
  expect(usage!.wallMs / 2500).toBeGreaterThanOrEqual(0.9)
}, 20_000)

test('a job that is cancelled while it runs is cancelled, and its processes are gone', async () => {
  const id = await stage.post({ kind: 'processes', params: { count: 2, holdMs: 60_000 } })
  const runner = await runnerOf(worker)
  await isRunning(stage, id)
  await stage.store.cancel(id)
  expect(await stage.ended(id)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' }, attempts: 1 })
  await until(() => isGone(runner), { what: 'the process of the job to be gone' })
}, 20_000)

test('a job that is cancelled before a worker took it never runs', async () => {
  const blocking = await stage.post({ kind: 'sleep', params: { ms: 500 } })
  const id = await stage.post({ kind: 'noop', params: {} })
  await stage.store.cancel(id)
  await stage.ended(blocking)
  expect(await stage.ended(id)).toMatchObject({ status: 'cancelled', attempts: 0, startedAt: null })
}, 20_000)

test('a process is kept for the next job, and ended when it had nothing to do for a while', async () => {
  await run({ kind: 'cpu', params: { ms: 1, threads: 1 } })
  const first = await worker.children()
  await run({ kind: 'memory', params: { mib: 1, holdMs: 0, heap: false } })
  expect(await worker.children()).toEqual(first)
  expect(first).toHaveLength(1)
  await until(async () => (await worker.children()).length === 0, { what: 'the idle process to be ended' })
}, 20_000)

test('the worker\'s metrics count the jobs by kind and outcome', async () => {
  const count = async () => {
    const text = await (await fetch(`${worker.url}/metrics`)).text()
    return Number(/^jobs_finished_total\{kind="sleep",outcome="succeeded"\} (\d+)$/m.exec(text)?.[1] ?? 0)
  }
  const before = await count()
  for (let i = 0; i < 3; i++) await run({ kind: 'sleep', params: { ms: 1 } })
  await until(async () => await count() === before + 3, { what: 'three more jobs to be counted' })
}, 20_000)

test('a Redis that has room for what it is filled with lives, forgets it, and gives out jobs as before', async () => {
  const filled = await fetch(`${worker.url}/work/redis-memory?mib=64`, { method: 'POST' })
  expect(await filled.json()).toEqual({ mib: 64, connection: 'kept' })
  expect((await run({ kind: 'noop', params: {} })).status).toBe('succeeded')
}, 20_000)
