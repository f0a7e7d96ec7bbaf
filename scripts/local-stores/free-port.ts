import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const LOWEST = 10_000
const MOST_TRIES = 100

/**
 * A port on 127.0.0.1 that nobody listens on now. Nothing reserves it, but it is none of those that the kernel gives to
 * connections that go out, of which one could take it before it is used. ip-sysctl.rst, "ip_local_port_range".
 */
export async function freePort (): Promise<number> {
  const ports = Math.max(1000, firstForConnections() - LOWEST)
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = LOWEST + Math.floor(Math.random() * ports)
    if (await isFree(port)) return port
  }
  throw new Error(`found no free port on 127.0.0.1 in ${MOST_TRIES} tries`)
}

function firstForConnections (): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t')[0])
  } catch {
    return 32_768      // the default of Linux
  }
}

async function isFree (port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
