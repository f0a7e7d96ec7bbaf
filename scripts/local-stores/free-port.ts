import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const LOWEST = 10_000
const MAX_TRIES = 100

/**
 * A port on 127.0.0.1 on which nothing listens now. It is not reserved, but it is outside the range from which the
 * kernel takes the ports of outgoing connections, so none of those can take it. ip-sysctl.rst, "ip_local_port_range".
 */
export async function freePort (): Promise<number> {
  const ports = Math.max(1000, firstOutgoingPort() - LOWEST)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = LOWEST + Math.floor(Math.random() * ports)
    if (await isFree(port)) return port
  }
  throw new Error(`found no free port on 127.0.0.1 in ${MAX_TRIES} tries`)
}

function firstOutgoingPort (): number {
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
