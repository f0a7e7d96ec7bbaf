import { Counter } from 'prom-client'
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

const config = readOrExit(() => readConfig(process.env))
const log = createLog('api', config.logLevel)
const shutdown = new Shutdown(log, config.shutdownMs)
shutdown.listen()

const own = new OwnContainer(
  findOwnCgroup(config.hasNoCgroup, log),
  ownContainerId(),
  await withContainerName(readIdentity('api', process.env))
)
shutdown.add('cgroup', () => own.close())

const pool = createPool(config.databaseUrl, config.databaseConnections, log)
shutdown.add('postgres', () => pool.end())
const jobs = new JobStore(pool)

const schema = new Schema(() => migrate(pool, config.databaseUrl, config.migrations, log), log)
shutdown.add('schema', () => schema.stop())
schema.start()

const redis = createRedis({ url: config.redisUrl, log, failFast: true })
shutdown.add('redis', () => redis.destroy())
const queue = new JobQueue(redis, config.queuePrefix)

const registry = createRegistry()
const scrape = new Scrape(registry, own, log, ownNetwork(config.hasNoNetwork, registry))
scrape.add(queueDepth(queue, registry))
const accepted = new Counter({
  name: 'jobs_accepted_total',
  help: 'Jobs accepted, by kind.',
  labelNames: ['kind'],
  registers: [registry]
})

const health: Health = {
  required: { postgres: () => jobs.ping(), schema: () => schema.check() },
  // Without Redis jobs are still accepted, and run once it is back.
  optional: { redis: () => pingRedis(redis) },
  isStopping: () => shutdown.isStopping
}

const app = createApp({
  config,
  own,
  health,
  scrape,
  timeRequests: timeRequests(registry),
  markers: new Markers(),
  jobs,
  queue,
  onAccepted: kind => accepted.inc({ kind }),
  docsAssets: config.docsAssets,
  version: config.version,
  log
})
const server = await listen(app, config.port, config.host)
shutdown.add('http', () => closeServer(server))
log.info({ port: config.port, container: own.identity.name }, 'listening')
