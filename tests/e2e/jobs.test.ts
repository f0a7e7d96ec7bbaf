import { beforeAll, expect, test } from '@jest/globals'
import type { JobKind } from '#shared/jobs/job.ts'
import { accept, api, job, untilFinished, untilRunning } from './support/api.ts'
import { limits } from './support/limits.ts'
import { metrics } from './support/metrics.ts'
import { inspect, lifeOf, untilHealthy } from './support/stack.ts'

beforeAll(() => untilHealthy(), 130_000)

test.each<[JobKind, object, object]>([
  ['noop', {}, {}],
  ['sleep', { ms: 50 }, {}],
  ['cpu', { ms: 50, threads: 2 }, { threads: 2 }],
  ['memory', { mib: 32, holdMs: 50 }, { mib: 32 }],
  ['file', { mib: 24 }, { writtenMib: 24, readMib: 24 }],
  ['processes', { count: 5, holdMs: 50 }, { started: 5, refused: 0 }],
  ['probe', { with: 'bash', times: 2 }, { answered: 2, unanswered: 0 }],
  ['probe', { with: 'node', times: 2 }, { answered: 2, unanswered: 0 }]
])('a %s job succeeds in the worker\'s container', async (kind, params, result) => {
  const { id } = await accept(kind, params)
  const done = await untilFinished(id)
  expect(done).toMatchObject({ kind, status: 'succeeded', attempts: 1, error: null, result })
  expect((await inspect('worker')).Id).toMatch(new RegExp(`^${done.worker}`))
  const number = expect.any(Number)
  expect(done.usage).toEqual({
    cpuSeconds: number,
    throttledSeconds: number,
    peakMemoryBytes: number,
    peakMemoryFrom: expect.stringMatching(/^(kernel|samples)$/),
    wallMs: number
  })
})

test('a cpu job of 2 s is throttled: the worker\'s counter rises, and half a CPU takes twice as long', async () => {
  const name = 'container_cpu_cfs_throttled_periods_total'
  const before = (await metrics('worker')).value(name)
  const { usage } = await untilFinished((await accept('cpu', { ms: 2000 })).id)
  const after = (await metrics('worker')).value(name)
  expect(after - before).toBeGreaterThan(0)
  expect(usage!.throttledSeconds).toBeGreaterThan(0)
  expect(usage!.cpuSeconds).toBeGreaterThanOrEqual(2)
  expect(usage!.cpuSeconds! / (usage!.wallMs / 1000)).toBeLessThan(limits.worker.cpuCores * 1.1)
})

test('a memory job above the limit is killed by the kernel and says so; the worker lives, and the next job succeeds', async () => {
  const before = { life: await lifeOf('worker'), kills: (await metrics('worker')).value('container_oom_events_total') }
  const { status, error, usage, attempts } = await untilFinished((await accept('memory', { mib: 512 })).id)
  expect({ status, code: error?.code, attempts }).toEqual({ status: 'failed', code: 'oom_killed', attempts: 1 })
  expect(error?.message).toContain('256 MiB')
  // On cgroup v1 the kernel's peak belongs to this job only if it rose: an earlier job may have met the limit already.
  // Otherwise the peak is from samples, and the job takes more memory between the last sample and the kill.
  expect(usage!.peakMemoryBytes! / limits.worker.memoryBytes).toBeGreaterThan(
    usage!.peakMemoryFrom === 'kernel' ? 0.95 : 0.5
  )
  expect(usage!.peakMemoryBytes).toBeLessThanOrEqual(limits.worker.memoryBytes)
  expect(await untilFinished((await accept('memory', { mib: 32, holdMs: 0 })).id)).toMatchObject({ status: 'succeeded' })
  expect(await lifeOf('worker')).toEqual(before.life)
  expect((await metrics('worker')).value('container_oom_events_total')).toBe(before.kills + 1)
})

test('a processes job above the limit is refused the rest; the worker stays healthy', async () => {
  const life = await lifeOf('worker')
  const before = (await metrics('worker')).value('limits_lab_pids_limit_hits_total')
  const { status, result } = await untilFinished((await accept('processes', { count: 200, holdMs: 100 })).id)
  const { started, refused } = result as { started: number, refused: number }
  expect(status).toBe('succeeded')
  expect(started).toBeGreaterThan(limits.worker.pids / 2)
  expect(started).toBeLessThan(limits.worker.pids)
  expect(started + refused).toBe(200)
  expect((await metrics('worker')).value('limits_lab_pids_limit_hits_total') - before).toBeGreaterThanOrEqual(refused)
  expect((await inspect('worker')).State.Health?.Status).toBe('healthy')
  expect(await lifeOf('worker')).toEqual(life)
})

test('a running job that is cancelled ends, a queued one never starts, and neither can be cancelled twice', async () => {
  const running = await accept('sleep', { ms: 60_000 })
  await untilRunning(running.id)
  const queued = await accept('noop')
  const cancelQueued = await cancel(queued.id)
  expect(cancelQueued).toMatchObject({
    status: 202,
    job: { status: 'cancelled', attempts: 0, error: { code: 'cancelled' } }
  })
  expect((await cancel(running.id)).status).toBe(202)
  expect(await untilFinished(running.id)).toMatchObject({
    status: 'cancelled',
    attempts: 1,
    error: { code: 'cancelled' }
  })
  expect([(await cancel(queued.id)).status, (await cancel(running.id)).status]).toEqual([409, 409])
  await untilFinished((await accept('noop')).id)
  expect(await job(queued.id)).toEqual(cancelQueued.job)
})

async function cancel (id: string): Promise<{ status: number, job: unknown }> {
  const res = await api(`/jobs/${id}`, { method: 'DELETE' })
  return { status: res.status, job: await res.json() }
}
