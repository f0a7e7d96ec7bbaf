import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A server for a test. `close` also ends all its connections. */
export interface Stub {
  url: string
  /** How many connections it has accepted. */
  connections: () => number
  close: () => Promise<void>
}

/** An HTTP server with this answer. */
export async function httpStub (answer: RequestListener): Promise<Stub> {
  return started(createHttpServer(answer))
}

/** A server that answers every chunk with the same bytes, whatever they mean. */
export async function rawStub (answer: string, { thenEnds = false } = {}): Promise<Stub> {
  return started(createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', () => thenEnds ? socket.end(answer) : socket.write(answer))
  }))
}

async function started (server: HttpServer | ReturnType<typeof createServer>): Promise<Stub> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    }
  }
}

/** Answers at once, except for `forMs` from `fromMs` on: then requests wait until that time is over. */
export function freezing (fromMs: number, forMs = 1000): RequestListener {
  let firstMs: number | undefined
  return (_req, res) => {
    firstMs ??= performance.now()
    const sinceMs = performance.now() - firstMs
    const isFrozen = sinceMs >= fromMs && sinceMs < fromMs + forMs
    if (isFrozen) setTimeout(() => res.end('late'), fromMs + forMs - sinceMs)
    else res.end('at once')
  }
}
