import { beforeAll, expect, test } from '@jest/globals'
import type { LoadView } from '#lab/wire/load.ts'
import { until } from '#support/until.ts'
import { labJson } from './support/lab-command.ts'
import { metrics } from './support/metrics.ts'
import { stack, untilHealthy } from './support/stack.ts'

beforeAll(() => untilHealthy(), 130_000)

async function loads (
  path = '',
  init: RequestInit = {}
): Promise<{ status: number; body: LoadView & { code?: string } }> {
  const res = await fetch(`http://127.0.0.1:${stack().labPort}/api/loads${path}`, {
    headers: { 'Content-Type': 'application/json' },
    ...init
  })
  return { status: res.status, body: (await res.json()) as LoadView }
}

test('a load of more work than half a CPU can do throttles the API, and p99 rises beyond ten times the p50 of a light load', async () => {
  const throttled = async () => (await metrics('api')).value('container_cpu_cfs_throttled_periods_total')
  const before = await throttled()
  const {
    exitCode,
    printed: [printed]
  } = await labJson<LoadView>('load', '--path', '/work/cpu?ms=10', '--steps', '10,90', '--duration', '10s')
  const { total, steps, generator } = printed!.summary!
  expect([printed!.state, total.due, total.succeeded + total.failed]).toEqual(['finished', 500, 500])
  expect(await throttled() - before).toBeGreaterThan(20)
  // The steps need 0.1 CPU and 0.9 CPU, and the API has 0.5 CPU. So at least a third of the second step's requests are
  // still waiting when that step ends.
  expect(steps[1]!.latency.p99Ms! / steps[0]!.latency.p50Ms!).toBeGreaterThan(10)
  expect(exitCode).toBe(total.failed === 0 && generator.keptPace ? 0 : 1)
})

test('there is one load at a time, and it can be cancelled', async () => {
  const body = JSON.stringify({ path: '/livez', ratesPerSecond: [10], durationSeconds: 60 })
  const first = await loads('', { method: 'POST', body })
  expect(first).toMatchObject({ status: 202, body: { state: 'running' } })
  expect(await loads('', { method: 'POST', body })).toMatchObject({ status: 409, body: { code: 'load_running' } })
  const path = `/${first.body.id}`
  await until(async () => (await loads(path)).body.live?.total.succeeded, { what: 'answers', timeoutMs: 20_000 })
  expect((await loads(path, { method: 'DELETE' })).status).toBe(202)
  const ended = await until(
    async () => {
      const { body } = await loads(path)
      return body.state !== 'running' && body
    },
    { what: 'the load to end' }
  )
  expect(ended).toMatchObject({ state: 'cancelled', live: null, summary: { total: { succeeded: expect.any(Number) } } })
})

test('a load is for the stack\'s own services only', async () => {
  const body = JSON.stringify({ path: 'http://example.org/', ratesPerSecond: [10] })
  expect(await loads('', { method: 'POST', body })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})
