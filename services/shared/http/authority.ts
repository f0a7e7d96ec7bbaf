import { isIPv6 } from 'node:net'

/**
 * The server that a request is for: the content of `Host`, or what follows the `//` of an address. `port` is `null` if
 * none is given.
 */
export interface Authority { name: string, port: number | null }

/**
 * The page that a request comes from (RFC 6454). The scheme itself is not kept: a service cannot know whether a proxy
 * in front of it speaks TLS.
 */
export interface Origin extends Authority { port: number, defaultPort: number }

const NAME = /^(\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)(?::(\d{0,5}))?$/i
/** The longest name in the DNS has 253 characters; a last dot and a port may follow. */
const MAX_LENGTH = 260
const MAX_PORT = 65535

/**
 * Normalises all spellings that RFC 9110 (section 4.2.3) and the DNS treat as the same: letters of any case, a name
 * with its last dot, `[0:0:0:0:0:0:0:1]` and `[::1]`. `null`: the text is not an authority. It must contain nothing
 * more: no user, no path, no escape.
 */
export function parseAuthority (text: string): Authority | null {
  const [, host, digits = ''] = text.length > MAX_LENGTH ? [] : NAME.exec(text) ?? []
  const name = host?.startsWith('[') ? shortIPv6(host) : host?.replace(/\.$/, '').toLowerCase()
  const port = digits === '' ? null : Number(digits)
  return name === undefined || (port ?? 0) > MAX_PORT ? null : { name, port }
}

/** Also returns `null` for the `null` that a browser sends for a page without an address, such as a file. */
export function parseOrigin (text: string): Origin | null {
  const [, scheme, rest] = /^(https?):\/\/(.+)$/i.exec(text) ?? []
  const authority = rest === undefined ? null : parseAuthority(rest)
  if (authority === null) return null
  const defaultPort = scheme!.toLowerCase() === 'https' ? 443 : 80
  return { name: authority.name, port: authority.port ?? defaultPort, defaultPort }
}

/** `URL` shortens addresses by the rules of RFC 5952. */
function shortIPv6 (literal: string): string | undefined {
  return isIPv6(literal.slice(1, -1)) ? new URL(`http://${literal}`).hostname : undefined
}
