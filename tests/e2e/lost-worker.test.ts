import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { until } from '#support/until.ts'
import { accept, job, untilFinished, untilRunning } from './support/api.ts'
import { docker, inspectContainer, type Inspected } from './support/docker.ts'
import { killPid1 } from './support/engine-host.ts'
import { metrics } from './support/metrics.ts'
import { compose, lifeOf, untilHealthy } from './support/stack.ts'

const TEST_MS = 300_000
const ATTEMPTS = 3

beforeAll(() => untilHealthy(), 130_000)

test('a job whose worker is killed runs again within seconds, and is recorded once', async () => {
  const life = await lifeOf('worker')
  const { id } = await accept('sleep', { ms: 2000 })
  await untilRunning(id)
  const killedAt = Date.now()
  await killPid1('worker')
  const second = await untilRunning(id, 2)
  expect(Date.parse(second.startedAt!) - killedAt).toBeLessThan(30_000)
  const done = await untilFinished(id)
  expect(done).toMatchObject({ status: 'succeeded', attempts: 2, startedAt: second.startedAt })
  expect((await lifeOf('worker')).restarts).toBe(life.restarts + 1)
  await untilFinished((await accept('noop')).id)
  expect(await job(id)).toEqual(done)
}, TEST_MS)

test('a job whose worker is killed at every attempt fails as worker_lost, and the next job succeeds', async () => {
  const { id } = await accept('sleep', { ms: 60_000 })
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await untilRunning(id, attempt, 60_000)
    await killPid1('worker')
  }
  const failed = { status: 'failed', attempts: ATTEMPTS, error: { code: 'worker_lost' } }
  expect(await untilFinished(id, 60_000)).toMatchObject(failed)
  expect((await metrics('worker')).value('jobs_worker_lost_total')).toBe(1)
  expect(await untilFinished((await accept('noop')).id)).toMatchObject({ status: 'succeeded' })
}, TEST_MS)

afterEach(async () => {
  for (const { Id } of await workers()) await docker(['unpause', Id]).catch(() => { /* it was not frozen */ })
  await untilHealthy()
  await scaleWorkers(1)
}, 130_000)

test('a worker that was frozen while another took its job over cannot change the record', async () => {
  await scaleWorkers(2)
  const { id } = await accept('sleep', { ms: 1500 })
  const frozen = (await untilRunning(id)).worker!
  await docker(['pause', frozen])
  const done = await untilFinished(id, 60_000)
  expect(done).toMatchObject({ status: 'succeeded', attempts: 2 })
  expect(done.worker).not.toBe(frozen)

  await docker(['unpause', frozen])
  await untilTakesJobs(frozen)
  expect(await job(id)).toEqual(done)
}, TEST_MS)

async function scaleWorkers (count: number): Promise<void> {
  await compose('up', '--detach', '--wait', '--no-recreate', '--scale', `worker=${count}`, 'worker')
}

async function workers (): Promise<Inspected[]> {
  const ids = (await compose('ps', '--all', '--quiet', 'worker')).trim().split('\n')
  return Promise.all(ids.map(inspectContainer))
}

/**
 * The worker has got through what it had in hand, and takes jobs again. Workers go by the first digits of their
 * container's id.
 */
async function untilTakesJobs (worker: string): Promise<void> {
  const takesOne = async (): Promise<boolean> =>
    (await untilFinished((await accept('sleep', { ms: 10 })).id)).worker === worker
  await until(takesOne, { what: `worker ${worker} to take a job`, timeoutMs: 60_000 })
}
