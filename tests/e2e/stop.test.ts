import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { until } from '#support/until.ts'
import { accept, api, job, untilFinished, untilRunning } from './support/api.ts'
import { Poster, type Request } from './support/poster.ts'
import { compose, inspect, services, untilHealthy } from './support/stack.ts'

const TEST_MS = 300_000

beforeAll(() => untilHealthy(), 130_000)
afterEach(async () => {
  await compose('up', '--detach', '--wait')
}, 130_000)

test('a stop under load needs no SIGKILL: requests in flight are answered, the job in hand ends, accepted jobs run later', async () => {
  const inHand = await accept('sleep', { ms: 4000 })
  await untilRunning(inHand.id)
  const inFlight = Array.from({ length: 5 }, () => api('/work/memory?mib=1&holdMs=3000'))
  const poster = new Poster()
  const posting = poster.post(noops(), 4)
  // Once later requests are answered, those in flight have been read.
  await until(() => poster.accepted.length > 20, { what: 'the load' })
  await compose('stop').finally(() => poster.stop())
  await posting

  expect((await Promise.all(inFlight)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  await expectCleanExits()
  await compose('start')
  await untilHealthy()
  expect(await job(inHand.id)).toMatchObject({ status: 'succeeded', attempts: 1 })
  for (const id of poster.accepted) expect(await untilFinished(id)).toMatchObject({ status: 'succeeded', attempts: 1 })
}, TEST_MS)

async function * noops (): AsyncGenerator<Request> {
  for (;;) yield ['noop', {}]
}

async function expectCleanExits (): Promise<void> {
  const ends = await Promise.all(services.map(async service => {
    const { Status, ExitCode, OOMKilled } = (await inspect(service)).State
    return { service, Status, ExitCode, OOMKilled }
  }))
  expect(ends).toEqual(services.map(service => ({ service, Status: 'exited', ExitCode: 0, OOMKilled: false })))
}

test('docker compose down and up loses nothing: ended jobs stay as they are, the job in hand is given back, queued ones run', async () => {
  const ended = await untilFinished((await accept('cpu', { ms: 10 })).id)
  const inHand = await accept('sleep', { ms: 12_000 })
  const started = await untilRunning(inHand.id)
  const queued = [await accept('noop'), await accept('sleep', { ms: 10 })]
  await compose('down')
  await compose('up', '--detach', '--wait')

  expect(await job(ended.id)).toEqual(ended)
  expect(await untilFinished(inHand.id)).toMatchObject({
    status: 'succeeded',
    attempts: 1,
    startedAt: expect.not.stringMatching(started.startedAt!)
  })
  for (const { id } of queued) expect(await untilFinished(id)).toMatchObject({ status: 'succeeded', attempts: 1 })
},
TEST_MS
)
