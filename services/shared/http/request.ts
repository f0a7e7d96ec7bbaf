import type { IncomingHttpHeaders } from 'node:http'
import express, { type RequestHandler } from 'express'
import type * as z from 'zod'
import { Refusal, type Fault } from './problem.ts'

/**
 * Goes before a body is read. A form on a foreign page can send many content types, but for this one the browser asks
 * the service first.
 */
export const requireJson: RequestHandler = (req, _res, next) => {
  if (req.is('application/json')) { next(); return }
  throw new Refusal({ status: 415, code: 'not_json', detail: 'Send a body with Content-Type: application/json.' })
}

/** A strict parser would call `5` malformed, although it is JSON and only not an object. */
const strict = false

/** Reads a body, which must be a JSON object. */
export function jsonObject (bodyBytes: number): RequestHandler {
  const parse = express.json({ strict, limit: bodyBytes, verify: refuseNothing })
  return (req, res, next) => requireJson(req, res, () => parse(req, res, err => next(err ?? faultOf(req.body))))
}

/** Like `jsonObject`, but the body may be missing; then it is `undefined`. */
export function jsonObjectOrNothing (bodyBytes: number): RequestHandler {
  const read = jsonObject(bodyBytes)
  return (req, res, next) => hasNoBody(req.headers) ? next() : read(req, res, next)
}

/** The parser would turn an empty body into an object. */
function refuseNothing (_req: unknown, _res: unknown, { length }: Buffer): void {
  if (length === 0) throw noObject('nothing')
}

function hasNoBody ({ 'transfer-encoding': encoding, 'content-length': length }: IncomingHttpHeaders): boolean {
  return encoding === undefined && Number(length ?? 0) === 0
}

function faultOf (body: unknown): Refusal | undefined {
  if (body === null) return noObject('null')
  if (Array.isArray(body)) return noObject('an array')
  return typeof body === 'object' ? undefined : noObject(`a ${typeof body}`)
}

function noObject (what: string): Refusal {
  const detail = `expected a JSON object, got ${what}`
  return new Refusal({ status: 400, code: 'invalid_request', detail: `body: ${detail}`, faults: [{ at: 'body', detail }] })
}

/** @throws Refusal (400) that names every fault of `input` and what is allowed instead */
export function check<T extends z.ZodType> (schema: T, input: unknown): z.output<T> {
  const checked = schema.safeParse(input)
  if (checked.success) return checked.data
  const faults = distinct(checked.error.issues.map(toFault))
  const detail = faults.map(({ at, detail }) => `${at}: ${detail}`).join('; ')
  throw new Refusal({ status: 400, code: 'invalid_request', detail, faults })
}

/** Removes duplicates: a number that is both too large and no safe integer has one fault. */
function distinct (faults: Fault[]): Fault[] {
  return [...new Map(faults.map(fault => [`${fault.at} ${fault.detail}`, fault])).values()]
}

/** Leaves out the input itself: it may be long, or a secret that was sent to the wrong place. */
function toFault ({ path, message }: z.core.$ZodIssue): Fault {
  return { at: path.length === 0 ? 'request' : path.map(String).join('.').slice(0, 200), detail: message.slice(0, 500) }
}
