import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { cpus, totalmem } from 'node:os'
import { once } from 'node:events'
import { closeServer } from '#shared/http/http-server.ts'
import { readOrExit } from '#shared/process/env.ts'
import { createLog } from '#shared/process/log.ts'
import { Shutdown } from '#shared/process/shutdown.ts'
import { createApp } from './app.ts'
import { Broker } from './broker.ts'
import { readConfig } from './config.ts'
import { Engine } from './engine.ts'
import { Kernel } from './kernel.ts'
import { KeptFile } from './kept.ts'

/** Far below what a lease lasts. */
const EXPIRE_MS = 1000
/** Only the lab asks, one request at a time. */
const MOST_CONNECTIONS = 8
const REQUEST_MS = 5000

const config = readOrExit(() => readConfig(process.env))
const log = createLog('limits', config.logLevel)
const shutdown = new Shutdown(log, config.shutdownMs)
shutdown.listen()

// Of the host, and not what this container may use of it.
const machine = { memoryBytes: totalmem(), cpus: cpus().length }
const engine = new Engine(config.engineSocket, machine)
const kernel = new Kernel(config.cgroupRoot)
const broker = new Broker({
  containers: {
    list: () => engine.containersOf(config.project),
    update: (id, to, now) => engine.update(id, to, now)
  },
  stateOf: id => kernel.stateOf(id),
  kept: new KeptFile(config.kept),
  nowMs: () => performance.now(),
  log
}, config)
shutdown.add('changes', () => broker.close())

const timer = setInterval(() => {
  broker.expire().catch((err: unknown) => log.warn({ err }, 'the engine does not say which containers there are'))
}, EXPIRE_MS)
shutdown.add('leases', () => clearInterval(timer))

const app = createApp({ change: change => broker.change(change), machine, log })
const patience = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, connectionsCheckingInterval: EXPIRE_MS }
const server = createServer(patience, app)
server.maxConnections = MOST_CONNECTIONS
// A broker that was killed has left its socket behind.
rmSync(config.socket, { force: true })
server.listen(config.socket)
await once(server, 'listening')
// The lab is another user. Only it has the volume in which the socket is.
chmodSync(config.socket, 0o666)
shutdown.add('socket', () => closeServer(server, REQUEST_MS))
const { project, leaseSeconds } = config
log.info({ project, leaseSeconds, changed: broker.changed }, 'ready to change limits')
