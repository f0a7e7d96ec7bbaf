import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

const LISTENING = '0A'

/**
 * The sockets that listen on a TCP port of this network namespace, by inode. Also those on every address.
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

/** Whether a process, or one that it started, holds one of these sockets. */
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

/** None where the process has ended, or is not ours to look at. */
function namesIn (directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** `null`: closed meanwhile. */
function targetOf (link: string): string | null {
  try {
    return readlinkSync(link)
  } catch {
    return null
  }
}
