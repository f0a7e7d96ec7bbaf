import { DnsAway, ALIAS_DIGITS, type ContainerIdentity } from './look-up.ts'
import type { Dns } from './engine-dns.ts'

/** A project that is not ours. Nobody has named its services. */
export interface Project {
  name: string
  /** Container → service, for containers that have a name of their own (`container_name`) instead of Compose's. */
  named: ReadonlyMap<string, string>
}

/**
 * Finds the containers of a project whose services nobody has named: the PTR record of an address is the container's
 * name, and Compose puts the service into it. That alone proves nothing, because the container `shop-eu-web-1` of the
 * project `shop-eu` could be one of a service `eu-web` of the project `shop`. So the service's name, asked for on the
 * same network, has to lead back to the address.
 */
export class ProjectLookUp {
  readonly #dns: Dns
  readonly #project: Project
  readonly #own: string

  /** `own`: a name that the DNS knows if it knows anything: the lab's own. */
  constructor (dns: Dns, project: Project, own: string) {
    this.#dns = dns
    this.#project = project
    this.#own = own
  }

  /** `null`: the container is on no network of the lab, or of another project. @throws DnsAway */
  async identify (id: string): Promise<ContainerIdentity | null> {
    for (const address of await this.#dns.addressesOf(id.slice(0, ALIAS_DIGITS))) {
      const identity = await this.identityAt(address)
      if (identity !== null) return identity
    }
    const isDnsThere = (await this.#dns.addressesOf(this.#own)).length > 0
    if (!isDnsThere) throw new DnsAway('the engine\'s DNS does not know the lab itself')
    return null
  }

  /** The container of the project at this address. */
  async identityAt (address: string): Promise<ContainerIdentity | null> {
    for (const host of await this.#dns.namesOf(address)) {
      const found = identityIn(host, this.#project)
      if (found === null) continue
      const back = await this.#dns.addressesOf(`${found.identity.service}.${found.network}`)
      if (back.includes(address)) return found.identity
    }
    return null
  }
}

/**
 * `shop-web-2.shop_default` → service `web`, number 2, network `shop_default`. `null`: this is not the name of a
 * container of the project. Compose's older names have `_` instead of `-`.
 */
export function identityIn (
  host: string, { name: project, named }: Project
): { identity: ContainerIdentity, network: string } | null {
  for (const [name, service] of named) {
    if (!host.startsWith(`${name}.`)) continue
    return { identity: { service, name, number: null, project }, network: host.slice(name.length + 1) }
  }
  const rest = host.startsWith(project) ? host.slice(project.length) : ''
  const [, separator, service, number, network] = /^([-_])(.+?)\1(\d+)\.(.+)$/.exec(rest) ?? []
  if (service === undefined) return null
  const name = `${project}${separator}${service}${separator}${number}`
  return { identity: { service, name, number: Number(number), project }, network: network! }
}
