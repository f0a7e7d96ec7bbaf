import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { ContainerView, LabEvent } from '../../services/lab/wire.ts'
import { until } from '../until.ts'
import { accept, api, untilFinished } from './api.ts'
import { containerViews, labEvents } from './lab.ts'
import { LabStream } from './lab-stream.ts'
import { limits } from './limits.ts'
import { metrics } from './metrics.ts'
import { containerName, inspect, untilHealthy, type Service } from './stack.ts'
import { UsageWatch } from './usage-watch.ts'

const NEWS_MS = 500

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
  const [counted, view] = [await killsCounted(), await viewOf('worker')]
  for (let kills = 1; kills <= 3; kills++) {
    const { id } = await accept('memory', { mib: 512 })
    const { text, oom } = await toldInTime('worker', kills)
    expect(text).toBe('killed by its own memory limit: oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child')
    expect(oom).toEqual({ kills: 1, victim: 'child', limitBytes: limits.worker.memoryBytes, peakBytes: expect.any(Number) })
    await untilFinished(id)
  }
  expect(await killsCounted()).toEqual({ ...counted, 'worker child': (counted['worker child'] ?? 0) + 3 })
  expect(await viewOf('worker')).toMatchObject({ oomKills: view.oomKills + 3, restarts: view.restarts })
})

test('a kill that takes the container is on the stream within half a second, and still told and counted after the restart', async () => {
  const [counted, view] = [await killsCounted(), await viewOf('api')]
  await expect(api('/work/memory?mib=512&holdMs=1000')).rejects.toThrow()
  const killed = await toldInTime('api', 1)
  // Not always one: where the container's own count went with it, and cgroup v1 counts for the whole host, others' kills are in it.
  const kills = killed.oom?.kills ?? 0
  expect(kills).toBeGreaterThan(0)
  expect(killed.oom).toMatchObject({ victim: 'pid1', limitBytes: limits.api.memoryBytes })
  const { told: restarted } = await stream.untilEvent('the api to be restarted', ({ kind, service }) => kind === 'restarted' && service === 'api')

  expect((await labEvents()).slice(-2)).toEqual([killed, restarted])
  expect(await killsCounted()).toEqual({ ...counted, 'api pid1': (counted['api pid1'] ?? 0) + kills })
  expect(await viewOf('api')).toMatchObject({ id: view.id, oomKills: view.oomKills + kills, restarts: view.restarts + 1 })
})

/**
 * The news of a service's nth kill. From the moment at which the container's own `oom_kill` rose, as read on the host every
 * 20 ms, to the moment at which the event arrived here.
 */
async function toldInTime (service: Service, nth: number): Promise<LabEvent> {
  const { Id } = await inspect(service)
  const ofService = () => stream.events.filter(({ told: { kind, containerId } }) => kind === 'oom_kill' && containerId === Id)
  const { told, heardAtMs } = (await until(() => ofService()[nth - 1], { what: `kill ${nth} in ${service} to be told`, timeoutMs: 30_000 }))!
  const killedAtMs = (await until(() => watch.killsOf(Id)[nth - 1], { what: `kill ${nth} in ${service} to be seen on the host` }))!
  const delayMs = heardAtMs - killedAtMs
  console.log(`${service}: told ${Math.round(delayMs)} ms after the kill: ${told.text}`)
  expect(delayMs - stream.heldUpMs(killedAtMs, heardAtMs)).toBeLessThan(NEWS_MS)
  return told
}

async function viewOf (service: Service): Promise<ContainerView> {
  return (await containerViews()).find(({ name }) => name === containerName(service))!
}

/** `worker child` → 3 */
async function killsCounted (): Promise<Record<string, number>> {
  const series = (await metrics('lab')).all('limits_lab_oom_kills_total')
  return Object.fromEntries(series.map(({ labels: { service, victim }, value }) => [`${service} ${victim}`, value]))
}
