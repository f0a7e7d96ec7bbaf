import { Counter } from 'prom-client'
import { ownContainerId } from '../cgroup/locate.ts'
import type { Health } from '../shared/health.ts'
import { closeServer, listen } from '../shared/http-server.ts'
import { readIdentity, withContainerName } from '../shared/identity.ts'
import { createLog } from '../shared/log.ts'
import { Markers } from '../shared/markers.ts'
import { createRegistry, timeRequests } from '../shared/metrics.ts'
import { migrate, Schema } from '../shared/migrate.ts'
import { ownNetwork } from '../shared/network-metrics.ts'
import { orEnd } from '../shared/or-end.ts'
import { findOwnCgroup } from '../shared/own-cgroup.ts'
import { OwnContainer } from '../shared/own-container.ts'
import { JobQueue } from '../shared/queue.ts'
import { queueDepth } from '../shared/queue-depth.ts'
import { createRedis, pingRedis } from '../shared/redis.ts'
import { Scrape } from '../shared/scrape.ts'
import { Shutdown } from '../shared/shutdown.ts'
import { createPool } from '../shared/store-pool.ts'
import { JobStore } from '../shared/store.ts'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'

const config = orEnd(() => readConfig(process.env))
const log = createLog('api', config.logLevel)
const shutdown = new Shutdown(log, config.shutdownMs)
shutdown.listen()

const own = new OwnContainer(findOwnCgroup(config.hasNoCgroup, log), ownContainerId(), await withContainerName(readIdentity('api', process.env)))
shutdown.add('cgroup', () => own.close())

const pool = createPool(config.databaseUrl, config.databaseConnections, log)
shutdown.add('postgres', () => pool.end())
const jobs = new JobStore(pool)

const schema = new Schema(() => migrate(pool, config.databaseUrl, config.migrations, log), log)
shutdown.add('schema', () => schema.stop())
schema.start()

const redis = createRedis({ url: config.redisUrl, log, failFast: true })
shutdown.add('redis', () => redis.destroy())
const notices = new JobQueue(redis, config.queuePrefix)

const registry = createRegistry()
const scrape = new Scrape(registry, own, log, ownNetwork(config.hasNoNetwork, registry))
scrape.add(queueDepth(notices, registry))
const accepted = new Counter({ name: 'jobs_accepted_total', help: 'Jobs accepted, by kind.', labelNames: ['kind'], registers: [registry] })

const health: Health = {
  required: { postgres: () => jobs.ping(), schema: () => schema.check() },
  // Without Redis jobs are accepted all the same, and run once it is back.
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
  notices,
  onAccepted: kind => accepted.inc({ kind }),
  docsAssets: config.docsAssets,
  version: config.version,
  log
})
const server = await listen(app, config.port, config.host)
shutdown.add('http', () => closeServer(server))
log.info({ port: config.port, container: own.identity.name }, 'listening')
