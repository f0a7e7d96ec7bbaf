/**
 * Which addresses can belong to a container of our stack. The engine passes a name that it does not know on to the
 * resolver behind it, single words too, and some resolvers answer every name, with the address of a portal or an
 * advertiser. So an address outside our own networks is not accepted, whichever resolver it came from.
 */
import { lookup, type LookupAddress } from 'node:dns'
import { BlockList, isIPv6, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * `172.19.0.2/16`: our own address and the length of the prefix. Read anew each time, because a container can be
 * connected to another network while it runs. Loopback is left out: no other container is on it.
 */
export function ownNetworks (): string[] {
  return Object.values(networkInterfaces()).flat()
    .filter(entry => entry !== undefined && !entry.internal)
    .flatMap(entry => entry!.cidr ?? [])
}

/** A /32 holds its one address and no other. */
export function isOn (networks: string[], address: string): boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [base, prefix] = network.split('/') as [string, string]
    list.addSubnet(base, Number(prefix), familyOf(base))
  }
  return list.check(address, familyOf(address))
}

/**
 * The addresses that may be connected to, among those a resolver found for a name. A single word is the name of a
 * container or of this host. A name with dots was given on purpose, and is trusted.
 */
export function reachable (name: string, found: LookupAddress[], networks = ownNetworks()): LookupAddress[] {
  if (name.includes('.')) return found
  const local = [...networks, '127.0.0.0/8', '::1/128']
  return found.filter(({ address }) => isOn(local, address))
}

/** `dns.lookup` for `connect`, except that a service that is not running has no address. */
export const lookupOwn: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (err, found) => {
    const [first, ...others] = err === null ? reachable(name, found) : []
    if (first === undefined) callback(err ?? notHere(name), [])
    else if (options.all) callback(null, [first, ...others])
    else callback(null, first.address, first.family)
  })
}

export function notHere (name: string): Error {
  return new Error(`${name} is on none of our networks`)
}

function familyOf (address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
