import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Express } from 'express'

/**
 * Listens, or throws: if the port is taken, the start fails, loudly. Without a `host` it listens on every address,
 * which a container needs.
 */
export async function listen (app: Express, port: number, host = ''): Promise<Server> {
  const server = host === '' ? app.listen(port) : app.listen(port, host)
  await once(server, 'listening')
  return server
}

const SWEEP_MS = 100
const PATIENCE_MS = 5000

/**
 * Lets running requests finish and closes every connection after its last one. A busy client never goes idle, so
 * responses carry `Connection: close`. A connection that becomes idle only now would otherwise be kept for Node's five
 * seconds, so idle ones are closed again and again. A client that never finishes its request, or never reads its
 * response, has `patienceMs`.
 */
export async function closeServer (server: Server, patienceMs = PATIENCE_MS): Promise<void> {
  const closed = once(server, 'close')
  server.prependListener('request', (_req, res) => { res.setHeader('Connection', 'close') })
  server.close()
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const end = setTimeout(() => server.closeAllConnections(), patienceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(end)
}
