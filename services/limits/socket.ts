import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { Express } from 'express'

/** Only the lab asks, one request at a time. */
const MOST_CONNECTIONS = 8
const REQUEST_MS = 5000
const CHECK_MS = 1000

/**
 * Listens on a Unix socket. A client that does not finish its request loses its connection after five seconds.
 * @param mode who may connect, as the permission to write
 */
export async function listenOn (path: string, app: Express, mode: number): Promise<Server> {
  const patience = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, connectionsCheckingInterval: CHECK_MS }
  const server = createServer(patience, app)
  server.maxConnections = MOST_CONNECTIONS
  rmSync(path, { force: true })      // one that was killed has left its socket behind
  server.listen(path)
  await once(server, 'listening')
  chmodSync(path, mode)
  return server
}
