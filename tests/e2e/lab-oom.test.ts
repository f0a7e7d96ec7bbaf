import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { ContainerView, LabEvent } from '#lab/wire/live.ts'
import { until } from '#support/until.ts'
import { accept, api, untilFinished } from './support/api.ts'
import { killedAtItsLimit } from './support/kill-words.ts'
import { LabStream } from './support/lab-stream.ts'
import { containerViews, labEvents } from './support/lab.ts'
import { limits } from './support/limits.ts'
import { metrics } from './support/metrics.ts'
import { containerName, inspect, untilHealthy, type Service } from './support/stack.ts'
import { UsageWatch } from './support/usage-watch.ts'

const NEWS_MS = 500
const VICTIM_MS = 2000

let stream: LabStream
let watch: UsageWatch

beforeAll(() => untilHealthy(), 130_000)
beforeEach(async () => {
  watch = await UsageWatch.start([(await inspect('worker')).Id, (await inspect('api')).Id])
  stream = await LabStream.open()
})
afterEach(async () => {
  await Promise.all([stream?.close(), watch?.stop()])
  await untilHealthy()
}, 130_000)

test('a kill in a container is on the stream within half a second, with its evidence, and counted for the service', async () => {
  const child = { service: 'worker', victim: 'child' }
  const [counted, view] = [await killsCounted(child), await viewOf('worker')]
  for (let kills = 1; kills <= 3; kills++) {
    const { id } = await accept('memory', { mib: 512 })
    const { text, oom } = await eventInTime('worker', kills)
    expect(text).toMatch(killedAtItsLimit)
    const cause = text.includes('cgroup v1') ? 'not_counted' : 'own_limit'
    expect(oom).toEqual({ kills: 1, cause, victim: 'child', limitBytes: limits.worker.memoryBytes, peakBytes: expect.any(Number), peakFrom: 'kernel' })
    expect((await untilFinished(id)).error?.message).toMatch(cause === 'not_counted' ? /; cgroup v1 does not count whether the container's own limit, 256 MiB, or one above it was the reason$/ : /; the container reached its own memory limit, 256 MiB$/)
  }
  expect(await killsCounted(child)).toBe(counted + 3)
  expect(await killsCounted({ ...child, cause: 'not_own_limit' })).toBe(0)
  expect(await viewOf('worker')).toMatchObject({ oomKills: view.oomKills + 3, restarts: view.restarts })
})

test('a kill that takes the container is on the stream within half a second, and is still listed and counted after the restart', async () => {
  const [counted, view] = [await killsCounted({ service: 'api' }), await viewOf('api')]
  await expect(api('/work/memory?mib=512&holdMs=1000')).rejects.toThrow()
  const killed = await eventInTime('api', 1)
  expect(killed.oom?.limitBytes).toBe(limits.api.memoryBytes)
  // A process can take longer to die than the lab waits before it decides which process it was.
  if (watch.hadEnded(view.id, Date.parse(killed.at))) expect(killed.oom?.victim).toBe('pid1')
  await stream.untilEvent('the api to be restarted', ({ kind, service }) => kind === 'restarted' && service === 'api')

  expect(await labEvents()).toEqual(expect.arrayContaining(stream.events))
  const kills = stream.events.reduce((sum, { oom }) => sum + (oom?.kills ?? 0), 0)
  // It may be more than one: where a container's own count goes with it, cgroup v1 has only a count for the whole host,
  // and that includes kills in other containers.
  expect(kills).toBeGreaterThan(0)
  expect(await killsCounted({ service: 'api' })).toBe(counted + kills)
  expect(await viewOf('api')).toMatchObject({
    id: view.id,
    oomKills: view.oomKills + kills,
    restarts: view.restarts + 1
  })
})

/**
 * The event of a service's nth kill. It must come within NEWS_MS after the container's own `oom_kill` rose, which is
 * read on the host every 20 ms, and no sample that is later than the event may be sent before it.
 */
async function eventInTime (service: Service, nth: number): Promise<LabEvent> {
  const { Id } = await inspect(service)
  const ofService = () => stream.events.filter(({ kind, containerId }) => kind === 'oom_kill' && containerId === Id)
  const event = (await until(() => ofService()[nth - 1], {
    what: `kill ${nth} in ${service} to be on the stream`,
    timeoutMs: 30_000
  }))!
  const victim = () => stream.events.find(({ id, oom }) => id === event.id && oom?.victim !== null)
  const decided = (await until(victim, { what: `the victim of kill ${nth} to be known`, timeoutMs: VICTIM_MS }))!
  const killedAtMs = (await until(() => watch.killsOf(Id)[nth - 1], {
    what: `kill ${nth} in ${service} to be seen on the host`
  }))!
  const eventAtMs = Date.parse(event.at)
  console.log(`${service}: event ${Math.round(eventAtMs - killedAtMs)} ms after the kill: ${decided.text}`)
  expect(eventAtMs - killedAtMs - stream.heldUpMs(killedAtMs, eventAtMs)).toBeLessThan(NEWS_MS)
  expect(stream.lateEvents).toEqual([])
  return decided
}

async function viewOf (service: Service): Promise<ContainerView> {
  return (await containerViews()).find(({ name }) => name === containerName(service))!
}

async function killsCounted (labels: Record<string, string>): Promise<number> {
  return (await metrics('lab')).count('limits_lab_oom_kills_total', labels)
}
