import { Registry } from 'prom-client'
import { createApp } from '#lab/app.ts'
import { Broadcast } from '#lab/broadcast.ts'
import { Ticker } from '#lab/clock.ts'
import { EventLog } from '#lab/events.ts'
import { createTallies, metricsRoutes } from '#lab/metrics.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { History } from '#lab/observing/sampling/history.ts'
import { PeerAway, type PeerRequest } from '#lab/peers/peer.ts'
import { loadRequest } from '#lab/load/request.ts'
import { noBroker } from '#lab/limits/changes.ts'
import { Streams } from '#lab/stream.ts'
import { sweepRequest } from '#lab/sweep/request.ts'
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

const noDns = { addressesOf: async () => [], namesOf: async () => [] }
const machine = { memoryBytes: 8e9, cpus: 4 }
const notAsked = async () => { throw new Error('not asked') }
const noSweeps = { all: () => [], find: () => null, cancel: () => null, start: notAsked }
const noLimits = { canChange: false, changed: [] }
const noChanges = { canChange: false, all: () => [], request: async () => { throw noBroker() } }
const noLoads = { all: () => [], find: () => null, running: null, start: () => { throw new Error('not asked') } }

interface Answer { status: number, text: string, headers?: Record<string, string> }

interface Given {
  api?: (path: string, question?: PeerRequest) => Answer | Promise<Answer>
  webAssets?: string
  maxStreams?: number
  allowedHosts?: Authority[]
  attachedTo?: string | null
}

/**
 * The lab with one container, which has been seen once; without an API, and with nothing to run, but for what is given.
 */
export function fakeLab ({
  api = () => {
    throw new PeerAway('away')
  },
  webAssets = '/nowhere',
  maxStreams = 2,
  allowedHosts = [],
  attachedTo = null
}: Given = {}) {
  const registry = new Registry()
  const { log } = capturedLog()
  const watched = new WatchedContainer(foundOf(), new FakeCgroup(fullReading()), momentAt(0))
  watched.look(momentAt(0), 'full')
  const history = new History(10)
  history.add(watched.found.id)
  history.begin(performance.now() / 1000, 7)
  history.put(watched.found.id, new Float64Array(historySeries.length).fill(0.5))
  const events = new EventLog(() => 1000)
  const observer = {
    cgroupVersion: 'v2',
    project: 'lab',
    services: ['api'] as string[],
    events,
    history,
    containers: [watched],
    newest: () => watched.newest('full'),
    unreadable: 0,
    strangers: 3,
    isMeasuring: true,
    sampling: new Ticker('', 4, () => {}, log),
    sample: () => sampleOf(),
    samplerView: () => ({ hz: 4, samplesTotal: 1, missedTotal: 0, driftMs: 0, containers: 1, strangers: 3 })
  } as const
  const streams = new Streams(maxStreams)
  const services = { api: 'down', worker: 'up', postgres: 'up', redis: 'up' } as const
  const stack = { view: async () => ({ at: '', services, queue: null, latest: null }) }
  const settings = { version: 'dev', project: 'lab', hz: 4, keepSeconds: 900, missing: [] }
  const views = { loads: noLoads, limits: () => noLimits, sweeps: noSweeps }
  const broadcast = new Broadcast(settings, { streams, observer, stack, ...views, log })
  const peer = {
    ask: async (path: string, question?: PeerRequest) => ({ headers: {}, ...await api(path, question) }),
    json: async () => null
  }
  const tallies = createTallies(registry, ['api'])
  const app = createApp({
    attached: attachedTo === null ? null : { project: attachedTo, dns: noDns },
    allowedHosts,
    webAssets,
    health: { required: {}, optional: {}, isStopping: () => false },
    metrics: metricsRoutes({ registry, observer, streams, images: new Map([['api', 'limits-lab-api:dev']]) }),
    timeRequests: timeRequests(registry),
    live: { observer, streams, broadcast, peers: { api: peer } },
    history: { observer, keepSeconds: 900, hz: 4 },
    jobs: { api: peer, stack, bodyBytes: 1000 },
    experiments: { experiments: [], runs: noRuns, isOn: true, bodyBytes: 1000 },
    loads: { loads: noLoads, schema: loadRequest, busyWith: () => null, isOn: true, bodyBytes: 1000 },
    limits: { changes: noChanges, machine, busyWith: () => null, isOn: true, bodyBytes: 1000 },
    sweeps: { sweeps: noSweeps, schema: sweepRequest, isOn: true, bodyBytes: 1000 },
    log
  })
  return { app, events, streams, tallies }
}
