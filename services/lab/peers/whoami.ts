import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Beliefs } from '#lab/wire/live.ts'
import type { RootFileSystem } from '#shared/process/root-file-system.ts'
import { whoami, type SelfView, type Whoami } from '#shared/process/whoami.ts'
import type { Peer } from './peer.ts'

type BelievingProcess = Pick<Whoami, 'hostname' | 'believes'>

/** What the process in each Node service believes about its machine. Services that do not answer are left out. */
export async function askBeliefs (peers: Record<string, Pick<Peer, 'json'>>): Promise<Beliefs[]> {
  const answers = await Promise.all(Object.entries(peers).map(async ([service, peer]) =>
    beliefsOf(service, await peer.json<BelievingProcess>('/whoami'))))
  return [...answers, beliefsOf('lab', whoami())].filter(beliefs => beliefs !== null)
}

function beliefsOf (service: string, answer: BelievingProcess | null): Beliefs | null {
  return answer?.believes === undefined ? null : { service, hostname: answer.hostname, ...answer.believes }
}

/** What a store wrote about itself when it started. `null`: it wrote nothing. */
export async function storeSelfView (store: string, directory: string): Promise<SelfView | null> {
  const text = await readFile(join(directory, store, 'whoami'), 'utf8').catch(() => null)
  return text === null ? null : parseSelfView(text)
}

/** Each line is a name, a space, and the value. */
export function parseSelfView (text: string): SelfView {
  const lines = text.split('\n').map(line => /^(\w+) (.*)$/.exec(line)).filter(match => match !== null)
  const all = (name: string): string[] => lines.filter(([, key]) => key === name).map(([, , value]) => value!.trim())
  const one = (name: string): string | null => all(name)[0] || null
  return {
    hostname: one('hostname') ?? '',
    pid1: one('pid1'),
    namespaces: Object.fromEntries(
      all('namespace')
        .filter(link => link !== '')
        .map(link => [link.split(':')[0], link])
    ),
    addresses: (one('addresses') ?? '').split(' ').filter(isIpv4),
    osRelease: one('osRelease'),
    root: rootOf(one('root')),
    bootId: one('bootId'),
    uname: { release: one('release') ?? '', version: one('version') ?? '' },
    believes: { cpus: whole(one('cpus')), totalMemoryBytes: kibibytes(one('memTotal')) }
  }
}

function isIpv4 (address: string): boolean {
  return /^[\d.]+$/.test(address)
}

/** `0:54 overlay ro,relatime 1837162`: device, type, options, inode. */
function rootOf (text: string | null): RootFileSystem | null {
  const match = /^(\d+:\d+) (\S+) (\S+) (\d+)$/.exec(text ?? '')
  if (match === null) return null
  const [, device, type, options, inode] = match as unknown as [string, string, string, string, string]
  return { device, inode: Number(inode), type, isReadOnly: options.split(',').includes('ro') }
}

function whole (text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}

/** `24686544 kB`: the kernel says kB and means 1024 bytes. */
function kibibytes (text: string | null): number | null {
  const count = whole(/^(\d+) kB$/.exec(text ?? '')?.[1] ?? null)
  return count === null ? null : count * 1024
}
