import { Resolver } from 'node:dns/promises'
import { isOn } from '#lab/own-networks.ts'
import { toPtrName } from '#shared/process/identity.ts'

/** What a container can ask about the others on its network. Where nothing is known the list is empty, not an error. */
export interface Dns {
  addressesOf: (name: string) => Promise<string[]>
  namesOf: (address: string) => Promise<string[]>
}

/**
 * The engine's embedded DNS. On a user-defined network it knows each container by its service, by its name and by the
 * first 12 digits of its id. Only IPv4 is asked for: the networks in compose.yaml have it, and each query that the
 * engine cannot answer is passed on to the server behind it.
 */
export function engineDns (): Dns {
  // The engine's DNS runs on the same host and answers in a millisecond. It may pass a name it does not know on to a
  // server that is slow.
  const resolver = new Resolver({ timeout: 500, tries: 1 })
  return {
    addressesOf: name => resolver.resolve4(name).catch(() => []),
    // Not `reverse`: that skips answers that come without a canonical name, as these do.
    namesOf: address => resolver.resolvePtr(toPtrName(address)).catch(() => [])
  }
}

/** The same DNS, limited to addresses that can be a container's: those on one of `networks`. */
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
