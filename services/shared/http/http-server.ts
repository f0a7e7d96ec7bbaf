import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Express } from 'express'

/**
 * Listens, or throws: a taken port fails the start, loudly. Without a `host` on every address there is, as a container
 * has to.
 */
export async function listen (app: Express, port: number, host = ''): Promise<Server> {
  const server = host === '' ? app.listen(port) : app.listen(port, host)
  await once(server, 'listening')
  return server
}

const SWEEP_MS = 100
const PATIENCE_MS = 5000

/**
 * Lets requests in hand finish and closes every connection after its last one. A busy client would never leave one
 * idle, so it is told with the answer; and one that becomes idle only now would else be kept for Node's five seconds. A
 * client that never finishes its request, or never reads its answer, has `patienceMs`.
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
