import { Registry } from 'prom-client'
import { createApp } from '#lab/app.ts'
import { Ticker } from '#lab/clock.ts'
import { EventLog } from '#lab/events.ts'
import { createTallies, metricsRoutes } from '#lab/metrics.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { History } from '#lab/observing/sampling/history.ts'
import { PeerAway, type Question } from '#lab/peers/peer.ts'
import { Streams } from '#lab/stream.ts'
import { historySeries } from '#lab/wire/live.ts'
import type { Authority } from '#shared/http/authority.ts'
import { timeRequests } from '#shared/metrics/registry.ts'
import { capturedLog } from '#support/captured-log.ts'
import { fullReading } from '#support/readings.ts'
import { FakeCgroup, foundOf, momentAt } from './fakes.ts'
import { sampleOf } from './samples.ts'

const noRuns = {
  current: null,
  start: async () => { throw new Error('not asked') },
  cancel: () => null,
  find: async () => null,
  list: async () => []
}

const noLoads = { all: () => [], find: () => null, running: null, start: () => { throw new Error('not asked') } }

interface Answer { status: number, text: string, headers?: Record<string, string> }

interface Given {
  api?: (path: string, question?: Question) => Answer | Promise<Answer>
  webAssets?: string
  maxStreams?: number
  allowedHosts?: Authority[]
}

/**
 * The lab with one container, which has been seen once; without an API, and with nothing to run, but for what is given.
 */
export function fakeLab ({ api = () => { throw new PeerAway('away') }, webAssets = '/nowhere', maxStreams = 2, allowedHosts = [] }: Given = {}) {
  const registry = new Registry()
  const { log } = capturedLog()
  const watched = new WatchedContainer(foundOf(), new FakeCgroup(fullReading()), momentAt(0))
  watched.look(momentAt(0), 'full')
  const history = new History(10)
  history.add(watched.found.id)
  history.begin(performance.now() / 1000, 7)
  history.put(watched.found.id, new Float64Array(historySeries.length).fill(0.5))
  const sampler = { watched: [watched], newest: () => watched.newest('full'), unreadable: 0, view: () => sampleOf() }
  const streams = new Streams(maxStreams)
  const events = new EventLog(() => 1000)
  const stack = { view: async () => ({ at: '', services: { api: 'down', worker: 'up', postgres: 'up', redis: 'up' }, queue: null, latest: null } as const) }
  const peer = { ask: async (path: string, question?: Question) => ({ headers: {}, ...await api(path, question) }), json: async () => null }
  const tallies = createTallies(registry, ['api'])
  const app = createApp({
    allowedHosts,
    webAssets,
    health: { required: {}, optional: {}, isStopping: () => false },
    metrics: metricsRoutes({ registry, sampler, beat: new Ticker('', 4, () => {}, log), streams, strangers: () => 3, images: new Map([['api', 'limits-lab-api:dev']]), isMeasuring: true }),
    timeRequests: timeRequests(registry),
    containers: {
      sampler,
      samplerView: () => ({ hz: 4, samplesTotal: 1, missedTotal: 0, driftMs: 0, containers: 1, strangers: 3 }),
      hello: told => ({ version: 'dev', life: 'a', project: 'lab', cgroupVersion: 'v2', host: { cpus: 2, memoryBytes: 1 }, hz: 4, keptSeconds: 900, services: [], missing: [], events: told }),
      events,
      streams,
      stack,
      loads: noLoads,
      peers: { api: peer }
    },
    history: { history, sampler, keepSeconds: 900, hz: 4 },
    jobs: { api: peer, stack, bodyBytes: 1000 },
    experiments: { experiments: [], runs: noRuns, isOn: true, bodyBytes: 1000 },
    loads: { loads: noLoads, busyWith: () => null, isOn: true, bodyBytes: 1000 },
    log
  })
  return { app, events, streams, tallies }
}
