import { parseContainerName } from '#shared/process/identity.ts'
import type { Dns } from './engine-dns.ts'

/** Which container of the stack this is. */
export interface ContainerIdentity {
  service: string
  /** `limits-lab-worker-2` */
  name: string
  number: number | null
  project: string
}

/** The engine gives every container this many digits of its id as a name on the network. */
export const ALIAS_DIGITS = 12
/** Containers that appear within this time share one query for the addresses of the services. */
const SHARED_MS = 100

/**
 * The engine's DNS knows none of the services, not even the lab. So it is not available, and no container can be called
 * a stranger.
 */
export class DnsAway extends Error {}

/** Finds the service of a container: it asks for the addresses of both and compares them. */
export class LookUp {
  readonly #dns: Dns
  readonly #services: string[]
  readonly #project: string
  readonly #nowMs: () => number
  #addresses: { askedAtMs: number, answer: Promise<Map<string, string>> } | null = null

  /** Without a `project` it is learned from the names. */
  constructor (dns: Dns, services: string[], project: string, nowMs: () => number) {
    this.#dns = dns
    this.#services = services
    this.#project = project
    this.#nowMs = nowMs
  }

  /** `null`: the container is on no network of the lab, or belongs to none of the services. @throws DnsAway */
  async identify (id: string): Promise<ContainerIdentity | null> {
    const alias = id.slice(0, ALIAS_DIGITS)
    const [own, services] = await Promise.all([this.#dns.addressesOf(alias), this.#serviceAddresses()])
    if (services.size === 0) throw new DnsAway('the engine\'s DNS knows none of the services')
    for (const address of own) {
      const service = services.get(address)
      if (service !== undefined) return nameIt(service, await this.#dns.namesOf(address), this.#project, id)
    }
    return null
  }

  /**
   * Address → service. The name of a service has one address for each of its containers. An address that two services
   * share belongs to no container.
   */
  #serviceAddresses (): Promise<Map<string, string>> {
    const nowMs = this.#nowMs()
    if (this.#addresses === null || nowMs - this.#addresses.askedAtMs > SHARED_MS) {
      this.#addresses = { askedAtMs: nowMs, answer: this.#askForServices() }
    }
    return this.#addresses.answer
  }

  async #askForServices (): Promise<Map<string, string>> {
    const answers = await Promise.all(this.#services.map(service => this.#dns.addressesOf(service)))
    const all = answers.flatMap((addresses, i) => addresses.map(address => [address, this.#services[i]!] as const))
    return new Map(all.filter(([address, service]) => all.every(other => other[0] !== address || other[1] === service)))
  }
}

/**
 * Prefers Compose's name, `<project>-<service>-<number>`, because the hosts may include aliases. The last resort is the
 * first digits of the id.
 */
export function nameIt (service: string, hosts: string[], project: string, id: string): ContainerIdentity {
  for (const host of hosts) {
    const container = parseContainerName(host, { project: project === '' ? null : project, service })
    if (container !== null) return { service, ...container, number: Number(container.number) }
  }
  const alias = id.slice(0, ALIAS_DIGITS)
  const name = hosts.map(host => host.split('.')[0]!).find(name => name !== service && name !== alias) ?? alias
  return { service, name, number: null, project }
}
