import { fileURLToPath } from 'node:url'
import { ownContainerId } from '#cgroup/containers.ts'
import type { Health } from '#shared/http/health.ts'
import { closeServer, listen } from '#shared/http/http-server.ts'
import { JobStore } from '#shared/jobs/job-store.ts'
import { JobQueue, queueDepth } from '#shared/jobs/queue.ts'
import { ownNetwork } from '#shared/metrics/network-metrics.ts'
import { createRegistry, timeRequests } from '#shared/metrics/registry.ts'
import { Scrape } from '#shared/metrics/scrape.ts'
import { readOrExit } from '#shared/process/env.ts'
import { readIdentity, withContainerName } from '#shared/process/identity.ts'
import { createLog } from '#shared/process/log.ts'
import { findOwnCgroup } from '#shared/process/own-cgroup.ts'
import { OwnContainer } from '#shared/process/own-container.ts'
import { Shutdown } from '#shared/process/shutdown.ts'
import { migrate, Schema } from '#shared/stores/migrate.ts'
import { createPool } from '#shared/stores/postgres.ts'
import { createRedis, pingRedis } from '#shared/stores/redis.ts'
import { Markers } from '#shared/work/markers.ts'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { countJobs } from './job-metrics.ts'
import { Reconciler } from './reconciler.ts'
import { runNoop } from './run-job.ts'
import { RunnerPool } from './runner-pool.ts'
import { usageReader } from './usage-reader.ts'
import { JobWorker } from './worker.ts'

const config = readOrExit(() => readConfig(process.env))
const log = createLog('worker', config.logLevel)
const shutdown = new Shutdown(log, config.shutdownMs)
shutdown.listen()

const own = new OwnContainer(
  findOwnCgroup(config.hasNoCgroup, log),
  ownContainerId(),
  await withContainerName(readIdentity('worker', process.env))
)
shutdown.add('cgroup', () => own.close())

const pool = createPool(config.databaseUrl, config.databaseConnections, log)
shutdown.add('postgres', () => pool.end())
const store = new JobStore(pool)

const schema = new Schema(() => migrate(pool, config.databaseUrl, config.migrations, log), log)
shutdown.add('schema', () => schema.stop())
schema.start()

const redis = createRedis({ url: config.redisUrl, log, failFast: false })
shutdown.add('redis', () => redis.destroy())
const queue = new JobQueue(redis, config.queuePrefix)

const registry = createRegistry()
const scrape = new Scrape(registry, own, log, ownNetwork(config.hasNoNetwork, registry))
scrape.add(queueDepth(queue, registry))

const runnerPath = fileURLToPath(new URL('./runner-main.js', import.meta.url))
const runners = new RunnerPool({
  path: runnerPath,
  heapMib: config.runnerHeapMib,
  scratch: config.scratch,
  tmpfs: config.tmpfs,
  port: config.port,
  httpGet: config.httpGet,
  searchPath: config.searchPath,
  idleMs: config.runnerIdleMs
})
shutdown.add('runners', () => runners.kill())

const reconciler = new Reconciler({ store, queue, log }, config.reconcileMs)
shutdown.add('reconciler', () => reconciler.stop())
reconciler.start()

const readUsage = usageReader(own, log)
const worker = new JobWorker(
  {
    store,
    log,
    onEnded: countJobs(registry),
    run: (job, signal) => runners.run(job, readUsage, signal),
    runNoop: () => runNoop(readUsage)
  },
  {
    redis,
    prefix: config.queuePrefix,
    worker: config.name,
    concurrency: config.concurrency,
    maxAttempts: config.attempts,
    timeoutMs: config.jobTimeoutMs,
    lockMs: config.lockMs,
    drainMs: config.drainMs
  })
shutdown.add('worker', () => worker.stop())
worker.start()

const health: Health = {
  required: { postgres: () => store.ping(), schema: () => schema.check(), redis: () => pingRedis(redis) },
  optional: {},
  isStopping: () => shutdown.isStopping
}
const app = createApp({
  allowedHosts: config.allowedHosts,
  workEndpoints: config.workEndpoints,
  health,
  scrape,
  timeRequests: timeRequests(registry),
  markers: new Markers(),
  redis,
  log
})
const server = await listen(app, config.port, config.host)
shutdown.add('http', () => closeServer(server))
log.info({ port: config.port, container: own.identity.name, concurrency: config.concurrency }, 'working')
