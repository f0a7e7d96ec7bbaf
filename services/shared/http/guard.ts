import type { Request, RequestHandler } from 'express'
import { parseAuthority, parseOrigin, type Authority, type Origin } from './authority.ts'
import { Names } from './names.ts'
import { Refusal } from './problem.ts'

/** The requests that one service accepts. */
export interface Policy {
  /** The name of the service, by which the other services of the stack also address it. */
  service: string
  /** Names that somebody added, and the setting in which they did. */
  allowedHosts: Authority[]
  setting: string
  /** Paths that a link on any page may lead to. All other paths are only for the service's own page. */
  linked: string[]
}

/** What a request says about its origin and its target. */
export interface Caller {
  method: string
  path: string
  /** All `Host` values of the request. */
  hosts: string[]
  origin: string | undefined
  secFetchSite: string | undefined
  /** The local address of its connection; looking it up in the kernel has a cost. */
  localAddress: () => string | undefined
}

/** The paths that scrapers and health checks request. They reveal nothing that a foreign page could not have anyway. */
export const openPaths: ReadonlySet<string> = new Set(['/metrics', '/livez', '/readyz'])
const reading = new Set(['GET', 'HEAD'])
/** `none` means a typed address or a bookmark. Another port of this machine is "same-site", and is not ours. */
const fromOurselves = new Set(['same-origin', 'none'])

/**
 * There is no login here, so the service relies on what the browser says: a foreign page, open in the same browser,
 * must not read or change anything. Two ways in are closed:
 * - a foreign `Host` is a name that was made to point here (DNS rebinding);
 * - a foreign `Origin`, or `Sec-Fetch-Site`, means that a page of another site is asking. No page can forge them.
 * A client that is no browser sends neither `Origin` nor `Sec-Fetch-Site`, and is accepted.
 *
 * The open paths are listed one by one, and all others are closed: the router also accepts `/WORK/cpu/` for
 * `/work/cpu`.
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

  /** `null`: the request is accepted. */
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

/** Goes before everything that reads a body or has an effect. */
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
 * The hosts that a request is for. Of several `Host` headers Node keeps only the first. If the target has an address of
 * its own (`GET http://name/path`), Node still uses `Host`, but RFC 9112 (section 3.2.2) says that the target decides.
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
 * Whether the request asks for the very address that it reached. Nobody can have made a name point here then. Scrapers
 * and probes that get addresses from a DNS ask like this.
 */
function asksAddressReached ({ hosts, localAddress }: Caller): boolean {
  const reached = localAddress()?.replace(/^::ffff:(?=\d+\.)/, '')
  if (reached === undefined) return false
  const name = parseAuthority(reached.includes(':') ? `[${reached}]` : reached)?.name
  return name !== undefined && name === parseAuthority(hosts[0] ?? '')?.name
}

/** RFC 9112, section 3.2. A proxy in front of the service may have checked the other one. */
function severalHosts (): Refusal {
  return new Refusal({ status: 400, code: 'several_hosts', detail: 'The request has more than one Host.' })
}

function withPort ({ name, port, defaultPort }: Origin): string {
  return port === defaultPort ? name : `${name}:${port}`
}
