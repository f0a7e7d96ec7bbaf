import type { Request, RequestHandler } from 'express'
import { parseAuthority, parseOrigin, type Authority, type Origin } from './authority.ts'
import { Names } from './names.ts'
import { Refusal } from './problem.ts'

/** What one service lets in. */
export interface Policy {
  /** What it is called, and under which name the others of the stack ask it. */
  service: string
  /** Names that somebody added, and the setting that adds them. */
  allowedHosts: Authority[]
  setting: string
  /** Paths that a link on anybody's page may lead to. Everything else is for its own page. */
  linked: string[]
}

/** What a request says about where it comes from, and where to. */
export interface Caller {
  method: string
  path: string
  /** Every one there is. */
  hosts: string[]
  origin: string | undefined
  secFetchSite: string | undefined
  /** The address that its connection reached; asking the kernel for it costs. */
  localAddress: () => string | undefined
}

/** What scrapers and health checks ask tells nothing that a page could not do without. */
export const openPaths: ReadonlySet<string> = new Set(['/metrics', '/livez', '/readyz'])
const reading = new Set(['GET', 'HEAD'])
/** `none`: typed, or a bookmark. A neighbouring port of this machine is "same-site", and not ours. */
const fromOurselves = new Set(['same-origin', 'none'])

/**
 * Nobody logs in here, so the browser's own word has to do: a page from elsewhere, open in the same browser, must
 * neither read anything nor have it done. Two ways in are closed:
 * - a foreign `Host` is a name that was made to point here (DNS rebinding);
 * - a foreign `Origin`, or `Sec-Fetch-Site`, is another site's page asking. No page can forge them.
 * A client that is no browser sends neither `Origin` nor `Sec-Fetch-Site`, and is let through.
 *
 * What is open is named, path by path, and all the rest is closed: the router takes also `/WORK/cpu/` for `/work/cpu`.
 */
export class Guard {
  readonly #policy: Policy
  readonly #names: Names
  readonly #linked: ReadonlySet<string>

  constructor (policy: Policy) {
    this.#policy = policy
    this.#names = new Names(policy.service, policy.allowedHosts)
    this.#linked = new Set(policy.linked)
  }

  /** `null`: welcome. */
  refusalOf (caller: Caller): Refusal | null {
    const { method, path, hosts, origin, secFetchSite } = caller
    if (hosts.length > 1) return severalHosts()
    const host = this.#names.find(hosts[0] ?? '')
    const isOpen = reading.has(method) && openPaths.has(path)
    if (host === null) return isOpen && asksAddressReached(caller) ? null : this.#foreignHost(hosts[0])
    if (isOpen) return null
    if (origin !== undefined && !this.#names.isOwnPage(origin, host)) return this.#foreignPage(origin)
    if (secFetchSite === undefined || fromOurselves.has(secFetchSite)) return null
    return reading.has(method) && this.#linked.has(path) ? null : this.#foreignPage()
  }

  #foreignHost (host = ''): Refusal {
    const { service, setting } = this.#policy
    const detail = `The ${service} has no name ${JSON.stringify(host.slice(0, 100))}. Its names are ${this.#names.own.join(', ')}; ${setting} adds others.`
    return new Refusal({ status: 421, code: 'foreign_host', detail })
  }

  #foreignPage (origin = ''): Refusal {
    const { service, setting } = this.#policy
    const from = parseOrigin(origin)
    const only = `Only the ${service}'s own page may ask this from a browser.`
    const help = from === null ? '' : ` If ${origin} is the ${service} behind a proxy, put ${withPort(from)} into ${setting}.`
    return new Refusal({ status: 403, code: 'foreign_origin', detail: only + help })
  }
}

/** Goes before everything that reads a body or does anything. */
export function guard (policy: Policy): RequestHandler {
  const guard = new Guard(policy)
  return (req, _res, next) => {
    const refusal = guard.refusalOf({
      method: req.method,
      path: req.path,
      hosts: hostsOf(req),
      origin: req.headers.origin,
      secFetchSite: req.headers['sec-fetch-site'] as string | undefined,
      localAddress: () => req.socket.localAddress
    })
    if (refusal !== null) throw refusal
    next()
  }
}

/**
 * The hosts that a request is for. Node keeps the first `Host` of several. Of a target with an address of its own (`GET
 * http://name/path`) it leaves `Host` to decide; RFC 9112 says that the target does (section 3.2.2).
 */
function hostsOf ({ url, originalUrl, rawHeaders }: Request): string[] {
  const hosts = rawHeaders.filter((_text, i) => i % 2 === 1 && isHost(rawHeaders[i - 1]!))
  const target = originalUrl ?? url
  return target.startsWith('/') || target === '*' || hosts.length > 1 ? hosts : [/^https?:\/\/([^/?#]*)/i.exec(target)?.[1] ?? '']
}

function isHost (name: string): boolean {
  return name.length === 4 && name.toLowerCase() === 'host'
}

/**
 * An address in the place of a name has not been pointed here by anyone. Scrapers and probes that take addresses from a
 * DNS ask so.
 */
function asksAddressReached ({ hosts, localAddress }: Caller): boolean {
  const reached = localAddress()?.replace(/^::ffff:(?=\d+\.)/, '')
  if (reached === undefined) return false
  const name = parseAuthority(reached.includes(':') ? `[${reached}]` : reached)?.name
  return name !== undefined && name === parseAuthority(hosts[0] ?? '')?.name
}

/** RFC 9112, section 3.2. Whoever is in front may have looked at the other one. */
function severalHosts (): Refusal {
  return new Refusal({ status: 400, code: 'several_hosts', detail: 'The request has more than one Host.' })
}

function withPort ({ name, port, defaultPort }: Origin): string {
  return port === defaultPort ? name : `${name}:${port}`
}
