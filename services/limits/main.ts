import { cpus, totalmem } from 'node:os'
import { closeServer } from '#shared/http/http-server.ts'
import { readOrExit } from '#shared/process/env.ts'
import { createLog } from '#shared/process/log.ts'
import { Shutdown } from '#shared/process/shutdown.ts'
import { createApp } from './app.ts'
import { Broker, endLeases } from './broker.ts'
import { readConfig } from './config.ts'
import { Engine } from './engine.ts'
import { Kernel } from './kernel.ts'
import { KeptFile } from './kept.ts'
import { listenOn } from './socket.ts'

/** How long what was begun may take when the broker stops. */
const PATIENCE_MS = 5000

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

const timer = endLeases(broker, log)
shutdown.add('leases', () => clearInterval(timer))

const app = createApp({ change: change => broker.change(change), machine, log })
// The lab is another user. Only it has the volume in which the socket is.
const server = await listenOn(config.socket, app, 0o666)
shutdown.add('socket', () => closeServer(server, PATIENCE_MS))
const { project, leaseSeconds } = config
log.info({ project, leaseSeconds, changed: broker.changed }, 'ready to change limits')
