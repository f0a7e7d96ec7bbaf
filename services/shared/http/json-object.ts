import type { IncomingHttpHeaders } from 'node:http'
import express, { type RequestHandler } from 'express'
import { Refusal } from './problem.ts'
import { requireJson } from './require-json.ts'

/** Strict, the parser would call `5` malformed, which is JSON, and only no object. */
const strict = false

/** Reads a body, which has to be a JSON object. */
export function jsonObject (bodyBytes: number): RequestHandler {
  const parse = express.json({ strict, limit: bodyBytes, verify: refuseNothing })
  return (req, res, next) => requireJson(req, res, () => parse(req, res, err => next(err ?? faultOf(req.body))))
}

/** The same where one may say nothing; then the body is `undefined`. */
export function jsonObjectOrNothing (bodyBytes: number): RequestHandler {
  const read = jsonObject(bodyBytes)
  return (req, res, next) => saysNothing(req.headers) ? next() : read(req, res, next)
}

/** Of what is empty the parser makes an object. */
function refuseNothing (_req: unknown, _res: unknown, { length }: Buffer): void {
  if (length === 0) throw noObject('nothing')
}

function saysNothing ({ 'transfer-encoding': encoding, 'content-length': length }: IncomingHttpHeaders): boolean {
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
