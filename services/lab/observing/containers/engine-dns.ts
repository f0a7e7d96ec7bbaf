import { Resolver } from 'node:dns/promises'
import { isOn } from './own-networks.ts'

/** What a container can ask about the others on its network. Nothing known is an empty list, never an error. */
export interface Dns {
  addressesOf: (name: string) => Promise<string[]>
  namesOf: (address: string) => Promise<string[]>
}

/**
 * The engine's embedded DNS. On a user-defined network it knows each container by its service, by its name and by the
 * first 12 digits of its id. Only IPv4 is asked for: compose.yaml's networks have it, and one question less goes to
 * whatever is behind.
 */
export function engineDns (): Dns {
  // It runs on the same host and answers in a millisecond; a name it does not know it may pass on to a server that is
  // slow.
  const resolver = new Resolver({ timeout: 500, tries: 1 })
  return {
    addressesOf: name => resolver.resolve4(name).catch(() => []),
    // Not `reverse`: that skips answers that come without a canonical name, as these do.
    namesOf: address => resolver.resolvePtr(toPtrName(address)).catch(() => [])
  }
}

/** What it says of names, as far as that can be a container: an address on one of `networks`. */
export function onlyOwn (dns: Dns, networks: () => string[]): Dns {
  return {
    ...dns,
    addressesOf: async name => {
      const addresses = await dns.addressesOf(name)
      const own = networks()
      return addresses.filter(address => isOn(own, address))
    }
  }
}

/** 172.19.0.4 → 4.0.19.172.in-addr.arpa */
export function toPtrName (address: string): string {
  return `${address.split('.').reverse().join('.')}.in-addr.arpa`
}
