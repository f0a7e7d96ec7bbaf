import { isIPv6 } from 'node:net'

/** Who is meant: what `Host` says, and what follows the `//` of an address. `port` is `null` where none is said. */
export interface Authority { name: string, port: number | null }

/** Whose page asks (RFC 6454). The scheme itself is not kept: who speaks TLS in front of a service, it cannot know. */
export interface Origin extends Authority { port: number, defaultPort: number }

const NAME = /^(\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)(?::(\d{0,5}))?$/i
/** The longest name that the DNS has is of 253 characters; then its last dot, and a port. */
const MAX_LENGTH = 260
const MAX_PORT = 65535

/**
 * One spelling for all that RFC 9110 (section 4.2.3) and the DNS say are the same: letters of any case, a name with its
 * last dot, `[0:0:0:0:0:0:0:1]` and `[::1]`. `null`: it is none; nothing else may be in it, no user, no path, no
 * escape.
 */
export function parseAuthority (text: string): Authority | null {
  const [, host, digits = ''] = text.length > MAX_LENGTH ? [] : NAME.exec(text) ?? []
  const name = host?.startsWith('[') ? shortIPv6(host) : host?.replace(/\.$/, '').toLowerCase()
  const port = digits === '' ? null : Number(digits)
  return name === undefined || (port ?? 0) > MAX_PORT ? null : { name, port }
}

/** `null` also for the `null` that a browser writes for a page without an address, as a file is. */
export function parseOrigin (text: string): Origin | null {
  const [, scheme, rest] = /^(https?):\/\/(.+)$/i.exec(text) ?? []
  const authority = rest === undefined ? null : parseAuthority(rest)
  if (authority === null) return null
  const defaultPort = scheme!.toLowerCase() === 'https' ? 443 : 80
  return { name: authority.name, port: authority.port ?? defaultPort, defaultPort }
}

/** URL shortens as RFC 5952 says. */
function shortIPv6 (literal: string): string | undefined {
  return isIPv6(literal.slice(1, -1)) ? new URL(`http://${literal}`).hostname : undefined
}
