import type { RequestHandler } from 'express'
import { Refusal } from '../shared/problem.ts'

/** What a browser says about where a request comes from. */
export interface Caller {
  method: string
  path: string
  host: string | undefined
  origin: string | undefined
  secFetchSite: string | undefined
}

const alwaysAllowed = ['localhost', '127.0.0.1', '[::1]']

/**
 * Nobody logs in here, so the browser's own word has to do: a page from elsewhere, open in the same browser, must neither read
 * the lab nor start jobs. Two ways in are closed:
 * - a foreign `Host` is a name that was made to point here (DNS rebinding);
 * - a foreign `Origin`, or `Sec-Fetch-Site`, is another site's page asking.
 * A client that is no browser sends neither `Origin` nor `Sec-Fetch-Site`, and is let through.
 */
export function guard (hosts: string[]): RequestHandler {
  const allowed = new Set([...alwaysAllowed, ...hosts])
  return (req, _res, next) => {
    const refusal = refusalOf({
      method: req.method, path: req.path, host: req.headers.host, origin: req.headers.origin, secFetchSite: req.get('Sec-Fetch-Site')
    }, allowed)
    if (refusal !== null) throw refusal
    next()
  }
}

/** `null`: welcome. */
export function refusalOf (caller: Caller, allowedHosts: ReadonlySet<string>): Refusal | null {
  if (caller.host === undefined || !allowedHosts.has(nameOf(caller.host))) {
    const detail = 'This host name is not one of the lab\'s. LAB_ALLOWED_HOSTS adds names.'
    return new Refusal({ status: 421, code: 'foreign_host', detail })
  }
  if (isOpen(caller)) return null
  return isForeign(caller)
    ? new Refusal({ status: 403, code: 'foreign_origin', detail: 'Only the lab\'s own page may ask this from a browser.' })
    : null
}

/** A name or address without its port: `localhost:8080`, `[::1]:8080`. */
function nameOf (host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase()
}

/** What scrapers and health checks ask tells nothing that a page could not do without. */
const openPaths = new Set(['/metrics', '/livez', '/readyz'])

function isOpen ({ method, path }: Caller): boolean {
  return (method === 'GET' || method === 'HEAD') && openPaths.has(path)
}

function isForeign ({ method, path, host, origin, secFetchSite }: Caller): boolean {
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return true
  // Following a link to the page itself is fine; another port of this machine is "same-site", and not ours.
  const mustBeOurs = path.startsWith('/api/') || (method !== 'GET' && method !== 'HEAD')
  return mustBeOurs && secFetchSite !== undefined && secFetchSite !== 'same-origin' && secFetchSite !== 'none'
}

/** `img-src data:` is for the favicon. The charts set styles through the CSSOM, which needs no exception. */
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
  "manifest-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"
].join('; ')

export const safeHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY'
  })
  next()
}
