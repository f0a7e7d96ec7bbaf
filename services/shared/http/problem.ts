import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import type { Log } from '#shared/process/log.ts'
import { StoreUnavailable } from '#shared/stores/postgres.ts'

/** A fault in one part of a request: where it is, and what is allowed there. */
export interface Fault { at: string, detail: string }

export interface Details {
  status: number
  /** The code is stable and for machines; `detail` is for people and may change. */
  code: string
  detail: string
  faults?: Fault[]
  headers?: Record<string, string>
}

/** A refused request. Routes throw it, and `reportProblem` sends the response. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly details: Details

  constructor (details: Details) {
    super(details.detail)
    this.details = details
  }
}

/** RFC 9457 "Problem Details for HTTP APIs", with `code` and `faults` as extension members. */
function send (res: Response, { status, code, detail, faults, headers = {} }: Details): void {
  res.set(headers).status(status).type('application/problem+json')
  res.send(
    JSON.stringify({
      type: 'about:blank',
      title: STATUS_CODES[status],
      status,
      code,
      detail,
      ...(faults && { faults })
    })
  )
}

/** `hint` says where to find the paths that exist. */
export function unknownPath (hint = ''): RequestHandler {
  return (req, res) => {
    send(res, { status: 404, code: 'unknown_path', detail: `There is nothing at ${req.path}. ${hint}`.trimEnd() })
  }
}

export function methodNotAllowed (...allowed: string[]): RequestHandler {
  return (req, res) => {
    const detail = `${req.method} is not possible here; allowed: ${allowed.join(', ')}.`
    send(res, { status: 405, code: 'method_not_allowed', detail, headers: { Allow: allowed.join(', ') } })
  }
}

/**
 * The one place where errors become responses. Express 5 passes rejected handlers here by itself. `explain` knows the
 * errors of its own service that mean something to a client.
 */
export function reportProblem (log: Log, explain: (err: unknown) => Details | null = () => null): ErrorRequestHandler {
  return (err, req, res, next) => {
    if (res.headersSent) { next(err); return }
    const details = explain(err) ?? detailsOf(err)
    if (details.status >= 500) log.error({ err, method: req.method, path: req.path }, 'request failed')
    send(res, details)
  }
}

/** For `reportProblem`: explains that Postgres is away for the moment. `detail` is sent to the client. */
export function explainOutage (detail: string): (err: unknown) => Details | null {
  const outage: Details = { status: 503, code: 'store_unavailable', detail, headers: { 'Retry-After': '2' } }
  return err => err instanceof StoreUnavailable ? outage : null
}

function detailsOf (err: unknown): Details {
  if (err instanceof Refusal) return err.details
  return refusedByFramework(err) ?? { status: 500, code: 'internal', detail: 'Something went wrong here. It was logged.' }
}

/** Express and its body parser give an error a 4xx status if it is the client's fault. */
function refusedByFramework (err: unknown): Details | null {
  const { status, type } = err as { status?: unknown, type?: unknown }
  if (typeof status !== 'number' || status < 400 || status > 499) return null
  const { code, detail } = frameworkCodes[String(type)] ?? {
    code: 'bad_request',
    detail: 'The request could not be read.'
  }
  return { status, code, detail }
}

const frameworkCodes: Record<string, { code: string, detail: string }> = {
  'entity.parse.failed': { code: 'malformed_json', detail: 'The body is not valid JSON.' },
  'entity.too.large': { code: 'body_too_large', detail: 'The body is larger than this service takes.' },
  'encoding.unsupported': { code: 'unsupported_encoding', detail: 'The content encoding is not supported; send it plain, or as gzip, deflate or br.' },
  'charset.unsupported': { code: 'unsupported_charset', detail: 'The charset is not supported; send UTF-8.' },
  'request.size.invalid': { code: 'length_mismatch', detail: 'The body is not as long as Content-Length says.' }
}
