import { parseAuthority, parseOrigin, type Authority } from './authority.ts'

/** The names that every machine has for itself. */
const LOCAL = ['localhost', '127.0.0.1', '[::1]']
/** Each spelling of `Host` is parsed once and kept, at most this many, because a client may invent spellings. */
const MAX_KNOWN = 64

/** The names under which a service answers: its own names on every port, and the names that somebody allowed. */
export class Names {
  readonly own: readonly string[]
  readonly #allowed: Authority[]
  readonly #known = new Map<string, Authority>()

  /** An allowed name without a port is allowed on every port. */
  constructor (service: string, allowed: Authority[]) {
    this.own = [...LOCAL, service]
    // The service answers to its own names on any port already. As the name of a page they would stand for every server
    // of this machine.
    this.#allowed = allowed.filter(({ name, port }) => port !== null || !this.own.includes(name))
  }

  /** The name of ours that `text`, a `Host`, stands for; `null` if it is none of them. */
  find (text: string): Authority | null {
    return this.#known.get(text) ?? this.#look(text)
  }

  /**
   * Whether a page of this origin is our own when it asks `host`: it came from there, or its name is allowed. A name
   * that is allowed on any port is meant for a proxy that renames the host. If `host` has that same name, no proxy
   * renamed it, and another port is another server.
   */
  isOwnPage (origin: string, host: Authority): boolean {
    const from = parseOrigin(origin)
    if (from === null) return false
    if (from.name === host.name && from.port === (host.port ?? from.defaultPort)) return true
    return this.#allowed.some(({ name, port }) => {
      const isPortAllowed = port === null ? name !== host.name : port === from.port
      return name === from.name && isPortAllowed
    })
  }

  #look (text: string): Authority | null {
    const host = parseAuthority(text)
    if (host === null || !this.#isOurs(host)) return null
    if (this.#known.size < MAX_KNOWN) this.#known.set(text, host)
    return host
  }

  #isOurs (host: Authority): boolean {
    const isAllowed = ({ name, port }: Authority) => name === host.name && (port === null || isPort(host, port))
    return this.own.includes(host.name) || this.#allowed.some(isAllowed)
  }
}

/** A host without a port has the port of its scheme, and a proxy may have used either scheme. */
function isPort ({ port }: Authority, wanted: number): boolean {
  return port === null ? wanted === 80 || wanted === 443 : port === wanted
}
