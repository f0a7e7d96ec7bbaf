import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { notHere, reachable } from '#lab/own-networks.ts'
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
