import { lookup } from 'node:dns/promises'
import type { Address } from './connection.ts'

const REFRESH_MS = 1000

/** Where a service answers: an address for each of its containers, in turn. */
export class Addresses {
  readonly #name: string
  readonly #port: number
  #hosts: string[] = []
  #turn = 0
  #timer: NodeJS.Timeout | undefined

  constructor (url: string) {
    const { hostname, port } = new URL(url)
    this.#name = hostname
    this.#port = Number(port || 80)
  }

  /** A container that was restarted may have another address, so it is asked again and again; not for each connection. */
  async start (): Promise<void> {
    await this.#refresh()
    this.#timer = setInterval(() => { this.#refresh().catch(() => {}) }, REFRESH_MS)
  }

  next (): Address {
    return { host: this.#hosts[this.#turn++ % this.#hosts.length]!, port: this.#port }
  }

  close (): void { clearInterval(this.#timer) }

  async #refresh (): Promise<void> {
    this.#hosts = (await lookup(this.#name, { all: true })).map(({ address }) => address)
  }
}
