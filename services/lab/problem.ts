import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import type { Log } from '../shared/log.ts'

interface Details {
  status: number
  /** Stable and for machines; `detail` is for people and may change. */
  code: string
  detail: string
  headers?: Record<string, string>
}

/** A request that is refused. Thrown by routes and guards, answered by `reportProblem`. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly details: Details

  constructor (details: Details) {
    super(details.detail)
    this.details = details
  }
}

/** RFC 9457 "Problem Details for HTTP APIs". */
function send (res: Response, { status, code, detail, headers = {} }: Details): void {
  res.set(headers).status(status).type('application/problem+json')
  res.send(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, code, detail }))
}

export const unknownPath: RequestHandler = (req, res) => {
  send(res, { status: 404, code: 'unknown_path', detail: `There is nothing at ${req.path}.` })
}

export function methodNotAllowed (...allowed: string[]): RequestHandler {
  return (req, res) => {
    const detail = `${req.method} is not possible here; allowed: ${allowed.join(', ')}.`
    send(res, { status: 405, code: 'method_not_allowed', detail, headers: { Allow: allowed.join(', ') } })
  }
}

/** The one place where errors become answers. Express 5 brings rejected handlers here by itself. */
export function reportProblem (log: Log): ErrorRequestHandler {
  return (err, req, res, next) => {
    if (res.headersSent) { next(err); return }
    const details = err instanceof Refusal ? err.details : refusedByFramework(err)
    if (details !== null) { send(res, details); return }
    log.error({ err, method: req.method, path: req.path }, 'request failed')
    send(res, { status: 500, code: 'internal', detail: 'Something went wrong here. It was logged.' })
  }
}

/** Express and its body parser mark what is the client's fault with a 4xx status. */
function refusedByFramework (err: unknown): Details | null {
  const { status, type } = err as { status?: unknown, type?: unknown }
  if (typeof status !== 'number' || status < 400 || status > 499) return null
  if (type === 'entity.too.large') return { status, code: 'body_too_large', detail: 'The body is larger than this service takes.' }
  return { status, code: 'bad_request', detail: 'The request could not be read.' }
}
