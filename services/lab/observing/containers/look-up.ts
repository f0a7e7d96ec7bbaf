import type { Dns } from './engine-dns.ts'

/** Who a container is. */
export interface Who {
  service: string
  /** `limits-lab-worker-2` */
  name: string
  number: number | null
  project: string
}

/** The engine gives every container this many digits of its id as a name on the network. */
const ALIAS_DIGITS = 12
/** Containers that come together share one look at the services' addresses. */
const SHARED_MS = 100

/** The engine's DNS knows none of the services, the lab among them: it is away, and nobody can be called a stranger. */
export class DnsAway extends Error {}

/** Turns a container's id into its service, by asking where both are and comparing the addresses. */
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

  /** `null`: on no network that the lab is on, or none of its services. @throws DnsAway */
  async who (id: string): Promise<Who | null> {
    const [own, services] = await Promise.all([this.#dns.addressesOf(id.slice(0, ALIAS_DIGITS)), this.#serviceAddresses()])
    if (services.size === 0) throw new DnsAway('the engine\'s DNS knows none of the services')
    for (const address of own) {
      const service = services.get(address)
      if (service !== undefined) return nameIt(service, await this.#dns.namesOf(address), this.#project, id)
    }
    return null
  }

  /** Address → service. Each copy of a service is one address of its name; what two services have is no container's. */
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
 * Among the answers may be aliases; Compose's `<project>-<service>-<number>` is preferred, and the first digits of the
 * id are the last resort.
 */
export function nameIt (service: string, hosts: string[], project: string, id: string): Who {
  const names = hosts.map(host => host.split('.')[0]!)
  for (const name of names) {
    const parts = composeName(name, service)
    if (parts !== null && (project === '' || parts.project === project)) return { service, name, ...parts }
  }
  const alias = id.slice(0, ALIAS_DIGITS)
  const name = names.find(name => name !== service && name !== alias) ?? alias
  return { service, name, number: null, project }
}

/** `limits-lab-worker-2` → project `limits-lab`, number 2; with `_` where Compose is told to be compatible. */
export function composeName (name: string, service: string): { project: string, number: number } | null {
  const match = /^(.+)[-_](\d+)$/.exec(name)
  const before = match?.[1] ?? ''
  const end = [`-${service}`, `_${service}`].find(end => before.endsWith(end) && before.length > end.length)
  return match === null || end === undefined ? null : { project: before.slice(0, -end.length), number: Number(match[2]) }
}
