import { parseAuthority, parseOrigin, type Authority } from './authority.ts'

/** What every machine calls itself. */
const LOCAL = ['localhost', '127.0.0.1', '[::1]']
/** `Host` is parsed once for each way to write it; a client may think of many. */
const MAX_KNOWN = 64

/** Under which names a service answers: its own on every port, and those that somebody allowed. */
export class Names {
  readonly own: readonly string[]
  readonly #allowed: Authority[]
  readonly #known = new Map<string, Authority>()

  /** `allowed` without a port stands for every port. */
  constructor (service: string, allowed: Authority[]) {
    this.own = [...LOCAL, service]
    // Our own names are asked on any port already. As the name of a page they would stand for every server of this
    // machine.
    this.#allowed = allowed.filter(({ name, port }) => port !== null || !this.own.includes(name))
  }

  /** What `text`, a `Host`, names of ours. `null`: nothing. */
  find (text: string): Authority | null {
    return this.#known.get(text) ?? this.#look(text)
  }

  /**
   * Whether a page of this origin is our own when it asks `host`: it came from there, or its name is allowed. A name
   * that is allowed on any port says so for a proxy that renames the host. Where `host` has that name nobody renamed
   * it, and another port is another server.
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

/** Where a host says no port, it is the scheme's, and a proxy may have spoken either. */
function isPort ({ port }: Authority, wanted: number): boolean {
  return port === null ? wanted === 80 || wanted === 443 : port === wanted
}
