import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const LISTENING = '0A'

/**
 * Checked before anything starts: a program that holds one of these ports would answer in the place of our service.
 * @param wanted each port under the name of its setting: `{ API_PORT: 3000 }`
 * @throws for the first port that is not free
 */
export async function checkPorts (wanted: Record<string, number>, host = '127.0.0.1'): Promise<void> {
  for (const [setting, port] of Object.entries(wanted)) {
    const fault = await faultOf(port, host)
    if (fault !== null) throw new Error(`port ${port} of ${host} ${fault}. Set ${setting} to another port.`)
  }
}

async function faultOf (port: number, host: string): Promise<string | null> {
  const server = createServer().listen(port, host)
  try {
    await once(server, 'listening')
  } catch (err) {
    const { code } = err as NodeJS.ErrnoException
    return code === 'EADDRINUSE' ? 'is taken: another program listens on it' : `cannot be listened on (${code})`
  }
  server.close()
  await once(server, 'close')
  return null
}

/**
 * The inodes of the sockets that listen on a TCP port in this network namespace, on whatever address.
 * proc_pid_net(5), "tcp".
 */
export function listeningOn (port: number, proc = '/proc'): number[] {
  return ['net/tcp', 'net/tcp6'].flatMap(file => socketsIn(join(proc, file), port))
}

/**
 *       sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *        0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 78133 …
 */
function socketsIn (path: string, port: number): number[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  return linesOf(path).map(line => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && local?.endsWith(`:${hexPort}`))
    .map(fields => Number(fields[9]))
}

function linesOf (path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1)
  } catch {
    return []
  }
}

/** Whether this process, or a process that it started, holds one of these sockets. */
export function holdsOneOf (sockets: number[], pid: number): boolean {
  const names = new Set(sockets.map(inode => `socket:[${inode}]`))
  return family(pid).some(pid => filesOf(pid).some(file => names.has(file)))
}

function family (pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(family)]
}

export function childrenOf (pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function filesOf (pid: number): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap(name => targetOf(`/proc/${pid}/fd/${name}`) ?? [])
}

/** Empty if the process has ended, or belongs to another user. */
function namesIn (directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** `null` if the file was closed meanwhile. */
function targetOf (link: string): string | null {
  try {
    return readlinkSync(link)
  } catch {
    return null
  }
}
