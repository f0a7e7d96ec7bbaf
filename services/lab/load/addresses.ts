import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { notHere, reachable } from '#lab/observing/containers/own-networks.ts'
import type { Address } from './connection.ts'

const REFRESH_MS = 1000

/** Where a service answers: an address for each of its containers, in turn. */
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
   * Asks once, then again every second: a container that was restarted may have another address. @throws when nobody
   * knows the name
   */
  async start (): Promise<void> {
    await this.refresh()
    this.#timer = setInterval(() => { this.refresh().catch(() => {}) }, REFRESH_MS)
  }

  async refresh (): Promise<void> {
    const found = await this.#find(this.#name)
    // One server under two families, as `localhost` may be, need not listen on both.
    const ofIPv4 = found.filter(({ family }) => family === 4)
    this.#hosts = (ofIPv4.length > 0 ? ofIPv4 : found).map(({ address }) => address)
  }

  next (): Address {
    return { host: this.#hosts[this.#turn++ % this.#hosts.length]!, port: this.#port }
  }

  close (): void { clearInterval(this.#timer) }
}

/** Load is put on nobody but the stack: a service that is not there may have a stranger's address. @throws */
export async function findOwn (name: string, ask = (name: string) => lookup(name, { all: true })): Promise<LookupAddress[]> {
  const found = reachable(name, await ask(name))
  if (found.length === 0) throw notHere(name)
  return found
}
