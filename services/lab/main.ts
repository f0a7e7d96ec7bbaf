import { randomUUID } from 'node:crypto'
import { cpus, totalmem } from 'node:os'
import { cgroupAt, NoCgroup } from '#cgroup/locate.ts'
import { Stage } from '#lab/experiments/acting/stage.ts'
import { experiments } from '#lab/experiments/all.ts'
import { RunStore } from '#lab/experiments/running/run-store.ts'
import { Runs } from '#lab/experiments/running/runs.ts'
import { Loads } from '#lab/load/loads.ts'
import { Discovery } from '#lab/observing/containers/discovery.ts'
import { Roster } from '#lab/observing/containers/roster.ts'
import { containerSource, versionOf } from '#lab/observing/containers/source.ts'
import { OomWatch } from '#lab/observing/oom/watch.ts'
import { Witnesses } from '#lab/observing/oom/witness.ts'
import { History, sizeOf } from '#lab/observing/sampling/history.ts'
import { Sampler } from '#lab/observing/sampling/sampler.ts'
import { Peer } from '#lab/peers/peer.ts'
import { Stack } from '#lab/peers/stack.ts'
import type { Hello, LabEvent, Requirement, SamplerView } from '#lab/wire/live.ts'
import { closeServer, listen } from '#shared/http/http-server.ts'
import { createRegistry, timeRequests } from '#shared/metrics/registry.ts'
import { readOrExit } from '#shared/process/env.ts'
import { createLog } from '#shared/process/log.ts'
import { faultLog, findOwnCgroup } from '#shared/process/own-cgroup.ts'
import { Shutdown } from '#shared/process/shutdown.ts'
import { migrate, Schema } from '#shared/stores/migrate.ts'
import { createPool, query } from '#shared/stores/postgres.ts'
import { createApp } from './app.ts'
import { Ticker } from './clock.ts'
import { readConfig } from './config.ts'
import { EventLog } from './events.ts'
import { createTallies, metricsRoutes } from './metrics.ts'
import { Streams } from './stream.ts'

/** How often the tree is looked through for containers that came or went. */
const SCANS_PER_SECOND = 4
const HEARTBEAT_MS = 10_000
const EXPERIMENT_PATIENCE_MS = 8000
/** Nothing but runs waits for Postgres. */
const STORE_RETRY_MS = 3000

const config = readOrExit(() => readConfig(process.env))
const log = createLog('lab', config.logLevel)
const shutdown = new Shutdown(log, config.shutdownMs)
shutdown.listen()

const cgroupVersion = versionOf(config.cgroupRoot, log)
/** For what is asked only about containers, of which there are none without a tree. */
const versionOfContainers = cgroupVersion ?? 'v2'
const missing: Requirement[] = cgroupVersion === null ? ['cgroups', ...config.missing] : config.missing
const source = containerSource(config, cgroupVersion, log)
const registry = createRegistry()
const { onKills, onRestart } = createTallies(registry, config.services)
const { every, entries } = sizeOf(config.hz, config.keepSeconds)
const history = new History(entries)
const onFault = faultLog(log)
const roster = new Roster(
  { open: path => cgroupAt(config.cgroupRoot, path, '/proc', onFault), history },
  { containers: config.maxContainers, keepMs: config.keepSeconds * 1000 })
shutdown.add('cgroups', () => roster.close())

const streams = new Streams(config.maxStreams)
const events = new EventLog()
events.onAdd(event => streams.sendEvent(event))

const witnesses = new Witnesses(config.cgroupRoot, versionOfContainers)
const oom = new OomWatch({ witnessOf: path => witnesses.of(path), events, after: (ms, run) => { setTimeout(run, ms) }, onKills })
const sampler = new Sampler({ roster, history, oom, events, log, onRestart }, { services: config.services, historyEvery: every })

const discovery = new Discovery({
  identify: async id => source?.identify(id) ?? null, isKnown: id => roster.has(id), adopt: found => sampler.adopt(found), nowMs: () => performance.now()
})

const api = new Peer(config.apiUrl)
shutdown.add('api', () => api.close())
const worker = new Peer(config.workerUrl)
shutdown.add('worker', () => worker.close())
const isPresent = (service: string): boolean => roster.isPresent(service)
const stack = new Stack({ api, worker, isPresent })
// An experiment asks who is away, not who is slow: on an emulated host an answer may take seconds.
const patientApi = new Peer(config.apiUrl, EXPERIMENT_PATIENCE_MS)
shutdown.add('api, asked patiently', () => patientApi.close())
const patientWorker = new Peer(config.workerUrl, EXPERIMENT_PATIENCE_MS)
shutdown.add('worker, asked patiently', () => patientWorker.close())
const patientStack = new Stack({ api: patientApi, worker: patientWorker, isPresent })

const pool = createPool(config.databaseUrl, 2, log)
shutdown.add('postgres', () => pool.end())
const runStore = new RunStore(pool)
const schema = new Schema(async () => {
  await migrate(pool, config.databaseUrl, config.migrations, log)
  await runStore.interruptRunning()
}, log, STORE_RETRY_MS)
shutdown.add('schema', () => schema.stop())
schema.start()

const own = findOwnCgroup(config.hasNoCgroup, log)
if (!(own instanceof NoCgroup)) shutdown.add('own cgroup', () => own.close())
const loads = new Loads({
  thread: new URL('./load/thread.js', import.meta.url),
  urls: { api: config.apiUrl, worker: config.workerUrl },
  readOwn: () => own instanceof NoCgroup ? null : own.read(),
  onChange: load => streams.send('load', () => load)
})
shutdown.add('loads', () => loads.close())

const runs = new Runs({
  store: runStore,
  services: config.services,
  missing,
  cgroupVersion: versionOfContainers,
  sample: () => sampler.view(),
  stack: patientStack,
  stageOf: parts => new Stage({ peers: { api, worker }, loads, whoami: config.whoami, missing, ...parts }),
  busyWith: () => loads.running === null ? null : 'a load is running',
  onChange: run => streams.send('run', () => run),
  log
})
shutdown.add('run', () => runs.close())
events.onAdd(event => runs.recordEvent(event))

const scan = new Ticker('looking for containers', SCANS_PER_SECOND, () => discovery.see(source?.list() ?? []), log)
shutdown.add('scan', () => scan.stop())
scan.start()

const beat = new Ticker('taking a sample', config.hz, () => {
  sampler.take(streams.size > 0 || runs.current !== null ? 'shown' : 'core')
  runs.recordReadings(sampler.watched)
  streams.send('sample', () => sampler.view())
}, log)
shutdown.add('sampler', () => beat.stop())
beat.start()

const samplerView = (): SamplerView => ({
  hz: beat.hz,
  samplesTotal: beat.doneTotal,
  missedTotal: beat.missedTotal,
  driftMs: Math.round(beat.driftMs * 100) / 100,
  containers: roster.presentCount,
  strangers: discovery.strangers
})
const life = randomUUID()
const hello = (told: LabEvent[]): Hello => ({
  version: config.version,
  life,
  project: config.project || roster.project,
  cgroupVersion,
  host: { cpus: cpus().length, memoryBytes: totalmem() },
  hz: config.hz,
  keptSeconds: config.keepSeconds,
  services: config.services,
  missing,
  events: told
})

const everySecond = new Ticker('telling the streams', 1, () => {
  if (streams.size === 0) return
  streams.send('sampler', samplerView)
  stack.view().then(view => streams.send('jobs', () => view), err => log.warn({ err }, 'cannot ask the stack'))
}, log)
shutdown.add('every second', () => everySecond.stop())
everySecond.start()
const heartbeat = setInterval(() => streams.heartbeat(performance.now()), HEARTBEAT_MS)
shutdown.add('heartbeat', () => clearInterval(heartbeat))

const app = createApp({
  allowedHosts: config.allowedHosts,
  webAssets: config.webAssets,
  health: { required: { sampler: () => sampler.check() }, optional: { postgres: () => query(pool, 'SELECT 1', []) }, isStopping: () => shutdown.isStopping },
  metrics: metricsRoutes({ registry, sampler, beat, streams, strangers: () => discovery.strangers, images: config.images, isMeasuring: source !== null }),
  timeRequests: timeRequests(registry),
  containers: { sampler, samplerView, hello, events, streams, stack, loads, peers: { api, worker } },
  history: { history, sampler, keepSeconds: config.keepSeconds, hz: config.hz },
  jobs: { api, stack, bodyBytes: config.bodyBytes },
  experiments: { experiments, runs, isOn: config.experiments, bodyBytes: config.bodyBytes },
  loads: { loads, busyWith: () => runs.current === null ? null : `the experiment ${runs.current.experiment} is running`, isOn: config.experiments, bodyBytes: config.bodyBytes },
  log
})
const server = await listen(app, config.port, config.host)
shutdown.add('http', () => closeServer(server, config.shutdownMs / 2))
shutdown.add('streams', () => streams.close())
log.info({ port: config.port, cgroupVersion, hz: config.hz }, 'watching the stack')
