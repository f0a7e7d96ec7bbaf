import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { hostname } from 'node:os'
import { engineDns, onlyOwn } from '#lab/observing/containers/engine-dns.ts'
import { ProjectLookUp, type Project } from '#lab/observing/containers/project-look-up.ts'
import { notHere, ownNetworks, reachable } from '#lab/own-networks.ts'
import type { Address } from './connection.ts'

const REFRESH_MS = 1000

/** Where a service answers: the address of each of its containers, in turn. */
export class Addresses {
  readonly #name: string
  readonly #port: number
  readonly #find: (name: string) => Promise<LookupAddress[]>
  #hosts: string[] = []
  #turn = 0
  #timer: NodeJS.Timeout | undefined

  constructor (url: string, find = findOwn) {
    const { hostname, port } = new URL(url)
    this.#name = hostname
    this.#port = Number(port || 80)
    this.#find = find
  }

  /**
   * Looks the name up now and then every second: a restarted container may have another address.
   * @throws when the name cannot be resolved now
   */
  async start (): Promise<void> {
    await this.refresh()
    this.#timer = setInterval(() => { this.refresh().catch(() => {}) }, REFRESH_MS)
  }

  async refresh (): Promise<void> {
    const found = await this.#find(this.#name)
    // A name with addresses of both families, as `localhost` may be, need not have a server on both.
    const ofIPv4 = found.filter(({ family }) => family === 4)
    this.#hosts = (ofIPv4.length > 0 ? ofIPv4 : found).map(({ address }) => address)
  }

  next (): Address {
    return { host: this.#hosts[this.#turn++ % this.#hosts.length]!, port: this.#port }
  }

  close (): void { clearInterval(this.#timer) }
}

/**
 * Load is put on the stack only: the name of a service that is not running may resolve to a stranger's address.
 * @throws
 */
export async function findOwn (
  name: string, ask = (name: string) => lookup(name, { all: true })
): Promise<LookupAddress[]> {
  const found = reachable(name, await ask(name))
  if (found.length === 0) throw notHere(name)
  return found
}

/**
 * Beside another project, load is put on its containers only: on a network that it shares, a stranger may have the same
 * name. @throws if no container of the project has the name of this service
 */
export function findIn (
  project: Project, dns = onlyOwn(engineDns(), ownNetworks)
): (service: string) => Promise<LookupAddress[]> {
  const lookUp = new ProjectLookUp(dns, project, hostname())
  return async service => {
    const addresses = await dns.addressesOf(service)
    const found = await Promise.all(addresses.map(address => lookUp.identityAt(address)))
    // A URL, from which this name comes, has small letters only.
    const ofService = addresses.filter((_address, i) => found[i]?.service.toLowerCase() === service)
    if (ofService.length === 0) throw new Error(`no container of ${project.name} is called ${service} now`)
    return ofService.map(address => ({ address, family: 4 }))
  }
}
