import { cpus, totalmem } from 'node:os'
import { NoCgroup } from '#cgroup/locate.ts'
import { Stage, type StageRun } from '#lab/experiments/acting/stage.ts'
import { experiments } from '#lab/experiments/all.ts'
import { keepRuns } from '#lab/experiments/running/keep-runs.ts'
import { Runs } from '#lab/experiments/running/runs.ts'
import { Changes } from '#lab/limits/changes.ts'
import { LimitsDoor } from '#lab/limits/door.ts'
import { findIn } from '#lab/load/addresses.ts'
import { attachedLoadRequest, loadRequest } from '#lab/load/request.ts'
import { Loads } from '#lab/load/loads.ts'
import { engineDns, onlyOwn } from '#lab/observing/containers/engine-dns.ts'
import { Observer } from '#lab/observing/observer.ts'
import { ownNetworks } from '#lab/own-networks.ts'
import { Peer } from '#lab/peers/peer.ts'
import { EXPERIMENT_PATIENCE_MS, Stack } from '#lab/peers/stack.ts'
import { attachedSweepRequest, sweepRequest } from '#lab/sweep/request.ts'
import { Sweeps } from '#lab/sweep/sweeps.ts'
import { ForeignTarget, OwnTarget } from '#lab/sweep/target.ts'
import type { Health } from '#shared/http/health.ts'
import { closeServer, listen } from '#shared/http/http-server.ts'
import { createRegistry, timeRequests } from '#shared/metrics/registry.ts'
import { readOrExit } from '#shared/process/env.ts'
import { createLog } from '#shared/process/log.ts'
import { findOwnCgroup } from '#shared/process/own-cgroup.ts'
import { Shutdown } from '#shared/process/shutdown.ts'
import { createApp } from './app.ts'
import { Broadcast } from './broadcast.ts'
import { realTime, Ticker } from './clock.ts'
import { readConfig } from './config.ts'
import { createTallies, metricsRoutes } from './metrics.ts'
import { Streams } from './stream.ts'

const config = readOrExit(() => readConfig(process.env))
const { attached } = config
const log = createLog('lab', config.logLevel)
const shutdown = new Shutdown(log, config.shutdownMs)
shutdown.listen()

const registry = createRegistry()
const observer = new Observer(config, { ...createTallies(registry, config.services), log })
shutdown.add('cgroups', () => observer.close())
const missing = [...observer.missing, ...config.missing]

// Beside another project these are not asked: the names may be those of its own services.
const api = new Peer(config.apiUrl)
shutdown.add('api', () => api.close())
const worker = new Peer(config.workerUrl)
shutdown.add('worker', () => worker.close())
const peers = { api, worker }
const stack = new Stack({ ...peers, isPresent: service => observer.isPresent(service) })

const { store, checks } = keepRuns(config, shutdown, log)

const ownUrls: Record<string, string> = attached === null ? { api: config.apiUrl, worker: config.workerUrl } : {}
const own = findOwnCgroup(config.hasNoCgroup, log)
if (!(own instanceof NoCgroup)) shutdown.add('own cgroup', () => own.close())
const loads = new Loads({
  thread: new URL('./load/thread.js', import.meta.url),
  urlOf: ({ service, port }) => ownUrls[service] ?? `http://${service}:${port}`,
  attached,
  readOwn: () => own instanceof NoCgroup ? null : own.read(),
  onChange: load => broadcast.sendLoad(load)
})
shutdown.add('loads', () => loads.close())

const stageOf = (run: StageRun): Stage =>
  new Stage({ peers, loads, changes, sweeps, whoami: config.whoami, missing, ...run })
const runs: Runs = new Runs({
  store,
  services: config.services,
  missing,
  cgroupVersion: observer.versionOfContainers,
  sample: () => observer.sample(),
  stack: { view: () => stack.view(EXPERIMENT_PATIENCE_MS) },
  stageOf,
  busyWith: () => loads.busyWith ?? sweeps.busyWith,
  onChange: run => broadcast.sendRun(run),
  log
})
shutdown.add('run', () => runs.close())

const door = config.limitsSocket === '' ? null : new LimitsDoor(config.limitsSocket)
const changes = new Changes({
  change: door && (change => door.change(change)),
  onChange: () => broadcast.sendLimits(),
  log,
  time: realTime
})
shutdown.add('limits', () => changes.close())
const renewal = new Ticker('renewing changed limits', 1, () => changes.tick(), log)
shutdown.add('renewal', () => renewal.stop())
renewal.start()

const machine = { memoryBytes: totalmem(), cpus: cpus().length }
const sweeps: Sweeps = new Sweeps({
  changes,
  loads,
  stageOf,
  containers: () => observer.containers,
  newest: watched => observer.newest(watched, 'full'),
  sample: () => observer.sample(),
  target: attached === null
    ? new OwnTarget(() => observer.sample(), () => stack.view(EXPERIMENT_PATIENCE_MS))
    : new ForeignTarget(() => observer.sample(), findIn(attached)),
  cgroupVersion: observer.versionOfContainers,
  machine,
  busyWith: () => runs.busyWith ?? loads.busyWith,
  onChange: sweep => broadcast.sendSweep(sweep),
  log
})
shutdown.add('sweep', () => sweeps.close())

const streams = new Streams(config.maxStreams)
const limits = () => ({ canChange: changes.canChange && config.experiments, changed: changes.all() })
const broadcast = new Broadcast({ ...config, missing }, {
  streams, observer, stack: attached === null ? stack : null, loads, limits, sweeps, log
})
shutdown.add('broadcast', () => broadcast.stop())
broadcast.start()

observer.events.onAdd(event => broadcast.sendEvent(event))
observer.events.onAdd(event => runs.recordEvent(event))
observer.events.onUpdate(event => broadcast.sendUpdate(event))
observer.events.onUpdate(event => runs.recordUpdate(event))
observer.add({ isWatching: () => runs.current !== null, onSample: () => runs.recordReadings(observer.containers) })
observer.add({ isWatching: () => sweeps.running !== null, onSample: () => sweeps.recordReadings(observer.containers) })
observer.add(broadcast)
shutdown.add('observer', () => observer.stop())
observer.start()

const { bodyBytes, experiments: isOn } = config
const health: Health = {
  required: { sampler: () => observer.check() },
  optional: checks,
  isStopping: () => shutdown.isStopping
}
const app = createApp({
  attached: attached && { project: attached.name, dns: onlyOwn(engineDns(), ownNetworks) },
  allowedHosts: config.allowedHosts,
  webAssets: config.webAssets,
  health,
  metrics: metricsRoutes({ registry, observer, streams, images: config.images }),
  timeRequests: timeRequests(registry),
  live: { observer, streams, broadcast, peers },
  history: { observer, keepSeconds: config.keepSeconds, hz: config.hz },
  jobs: { api, stack, bodyBytes },
  experiments: { experiments, runs, isOn, bodyBytes },
  loads: {
    loads,
    schema: attached === null ? loadRequest : attachedLoadRequest(() => observer.services),
    busyWith: () => runs.busyWith ?? sweeps.busyWith,
    isOn,
    bodyBytes
  },
  limits: {
    changes,
    machine,
    busyWith: () => runs.busyWith ?? sweeps.busyWith,
    isOn,
    bodyBytes
  },
  sweeps: {
    sweeps,
    schema: attached === null ? sweepRequest : attachedSweepRequest(() => observer.services),
    isOn,
    bodyBytes
  },
  log
})
const server = await listen(app, config.port, config.host)
shutdown.add('http', () => closeServer(server, config.shutdownMs / 2))
shutdown.add('streams', () => streams.close())
log.info({ port: config.port, cgroupVersion: observer.cgroupVersion, hz: config.hz }, 'watching the stack')
