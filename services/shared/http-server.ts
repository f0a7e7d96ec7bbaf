import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Express } from 'express'

/** Listens, or throws: a taken port fails the start, loudly. */
export async function listen (app: Express, port: number): Promise<Server> {
  const server = app.listen(port)
  await once(server, 'listening')
  return server
}

/** Lets requests in hand finish; idle keep-alive connections are closed at once. */
export async function closeServer (server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  await closed
}
