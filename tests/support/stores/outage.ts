import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Outage {
  /** The store's URL through this proxy. */
  url: string
  /** Destroys every connection and refuses new ones. */
  cut (): Promise<void>
  /** Accepts connections again, on the same port. */
  restore (): Promise<void>
  close (): Promise<void>
}

const DEFAULT_PORTS: Record<string, number> = { 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379 }

/** A TCP proxy before a store, so that a test can take the store away, wherever the store runs. */
export async function createOutage (storeUrl: string): Promise<Outage> {
  const store = new URL(storeUrl)
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    join(near, connect(Number(store.port) || DEFAULT_PORTS[store.protocol]!, store.hostname), sockets)
  })

  async function listen (port: number): Promise<void> {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  async function cut (): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = new URL(storeUrl)
  url.host = `127.0.0.1:${port}`
  return { url: url.href, cut, restore: () => listen(port), close: cut }
}

/** Forwards everything in both directions; when one side closes, so does the other. */
function join (near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [[near, far], [far, near]] as const) {
    sockets.add(from)
    from.pipe(to)
    from.on('error', () => {})      // 'close' follows
    from.on('close', () => { sockets.delete(from); to.destroy() })
  }
}
