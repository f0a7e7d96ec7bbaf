/**
 * Which addresses can be a container's of our stack. A name that the engine does not know it passes on to the resolver
 * behind it, single words too, and some resolvers answer every name: with a portal's address, or an advertiser's. So
 * what counts is not who gave an address but where it is: off our own networks it is nobody's whom we know.
 */
import { lookup, type LookupAddress } from 'node:dns'
import { BlockList, isIPv6, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * `172.19.0.2/16`: own address and length of the prefix. Asked anew each time, because a container can be connected to
 * another network while it runs. Loopback is none: nobody else is on it.
 */
export function ownNetworks (): string[] {
  return Object.values(networkInterfaces()).flat()
    .filter(entry => entry !== undefined && !entry.internal)
    .flatMap(entry => entry!.cidr ?? [])
}

/** A /32 holds its one address and nobody beside it. */
export function isOn (networks: string[], address: string): boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [base, prefix] = network.split('/') as [string, string]
    list.addSubnet(base, Number(prefix), familyOf(base))
  }
  return list.check(address, familyOf(address))
}

/**
 * Of what a resolver said of a name: what may be connected to. A single word is the name of a container, or this host's
 * own; one with dots was written by somebody who meant it.
 */
export function reachable (name: string, found: LookupAddress[], networks = ownNetworks()): LookupAddress[] {
  if (name.includes('.')) return found
  const local = [...networks, '127.0.0.0/8', '::1/128']
  return found.filter(({ address }) => isOn(local, address))
}

/** For `connect`: as `dns.lookup`, but a service that is not there has no address. */
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
