import { whoami } from '../../shared/whoami.ts'
import type { Beliefs } from '../wire.ts'
import type { Peer } from './peer.ts'

type Who = Pick<ReturnType<typeof whoami>, 'hostname' | 'believes'>

/** What the process in each Node service believes about its machine. Services that do not answer are left out. */
export async function askBeliefs (peers: Record<string, Pick<Peer, 'json'>>): Promise<Beliefs[]> {
  const answers = await Promise.all(Object.entries(peers).map(async ([service, peer]) => beliefsOf(service, await peer.json<Who>('/whoami'))))
  return [...answers, beliefsOf('lab', whoami())].filter(beliefs => beliefs !== null)
}

function beliefsOf (service: string, who: Who | null): Beliefs | null {
  return who?.believes === undefined ? null : { service, hostname: who.hostname, ...who.believes }
}
