import { resolvePtr } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { Environment } from './env.ts'

/** The names of a container; the labels of its metrics are made from them. */
export interface Identity {
  project: string
  service: string
  /** `limits-lab-api-1`, or the service's name until the engine has given a better one. */
  name: string
  /** The number of this copy of the service; empty if it is unknown. */
  number: string
  image: string
}

export function readIdentity (service: string, env: Environment): Identity {
  const identity = { project: env.PROJECT ?? '', service, name: service, number: '', image: env.IMAGE ?? '' }
  return { ...identity, ...parseContainerName(env.CONTAINER_NAME ?? '', identity) }
}

/**
 * Asks the engine's DNS for the name of the container with this address: the PTR record on a user-defined network is
 * `<container>.<network>`. Without such a DNS the identity is unchanged, because a resolver further out may answer with
 * any name: only a name that Compose gives to a container of this service is accepted.
 */
export async function withContainerName (
  identity: Identity, addresses = ownAddresses(), namesOf = askEngine
): Promise<Identity> {
  if (identity.name !== identity.service) return identity
  for (const address of addresses) {
    for (const name of await namesOf(address)) {
      const container = parseContainerName(name, identity)
      if (container !== null) return { ...identity, ...container }
    }
  }
  return identity
}

export interface ContainerName { project: string, name: string, number: string }

/**
 * Compose names a container `<project>-<service>-<number>`, or `<project>_<service>_<number>` in compatibility mode:
 * `limits-lab-worker-2.limits-lab_back` → project `limits-lab`, name `limits-lab-worker-2`, number `2`. `null`: this is
 * not the name of a container of this service. `project: null` accepts any project.
 */
export function parseContainerName (
  host: string, { project, service }: { project: string | null, service: string }
): ContainerName | null {
  const name = host.split('.')[0] ?? ''
  const number = /[-_](\d+)$/.exec(name)?.[1] ?? ''
  const before = name.slice(0, -number.length - 1)
  const found = before.slice(0, -service.length - 1)
  if (number === '' || found === '' || ![`${found}-${service}`, `${found}_${service}`].includes(before)) return null
  return project === null || project === found ? { project: found, name, number } : null
}

function askEngine (address: string): Promise<string[]> {
  return resolvePtr(toPtrName(address)).catch(() => [])
}

/**
 * 172.19.0.4 → 4.0.19.172.in-addr.arpa. (`dns.reverse` skips answers that come without a canonical name, as these do.)
 */
export function toPtrName (address: string): string {
  return `${address.split('.').reverse().join('.')}.in-addr.arpa`
}

/** IPv4, loopback left out. */
export function ownAddresses (): string[] {
  return Object.values(networkInterfaces()).flat()
    .filter(entry => entry !== undefined && !entry.internal && entry.family === 'IPv4')
    .map(entry => entry!.address)
}
