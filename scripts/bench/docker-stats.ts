import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { rise, windowSeconds } from './observe-window.ts'
import { cpuSeconds } from './process-cpu.ts'

const SECONDS = 15
const START_MS = 3000

/**
 * Microseconds of CPU that `docker stats` uses per container and sample: the CPU of the client and the daemon, minus
 * what the daemon uses without a client.
 */
export async function dockerStatsUs (ids: string[]): Promise<number> {
  const daemon = execFileSync('pgrep', ['-x', 'dockerd|containerd']).toString().trim().split('\n').map(Number)
  const seconds = windowSeconds(ids.length)
  const idle = await rise(() => cpuSeconds(daemon), seconds)
  const client = spawn('docker', ['stats', ...ids], { stdio: 'ignore' })
  await delay(START_MS)
  const busy = await rise(() => cpuSeconds([...daemon, client.pid!]), seconds)
  const samples = await samplesPerSecond(ids[0]!) * seconds
  // It does not always end at SIGTERM, and would be measured with what comes next, and keep this process waiting.
  client.kill('SIGKILL')
  await once(client, 'exit')
  return (busy - idle) * 1e6 / samples / ids.length
}

/** How often the daemon reads a container: it waits a second between rounds, and a round takes time itself. */
async function samplesPerSecond (id: string): Promise<number> {
  const stream = get({ socketPath: '/var/run/docker.sock', path: `/containers/${id}/stats` })
  const [answer] = await once(stream, 'response') as [IncomingMessage]
  const read: number[] = []
  const lines = createInterface({ input: answer }).on('error', () => {})     // We cut it off below.
  for await (const line of lines) {
    read.push(Date.parse((JSON.parse(line) as { read: string }).read))
    if (read.at(-1)! - read[0]! >= SECONDS * 1000) break
  }
  stream.destroy()
  return (read.length - 1) * 1000 / (read.at(-1)! - read[0]!)
}
