import type { RequestHandler } from 'express'
import { Refusal } from './problem.ts'

/** Before a body is read. A form of a foreign page can send many types, but not this one without being asked first. */
export const requireJson: RequestHandler = (req, _res, next) => {
  if (req.is('application/json')) { next(); return }
  throw new Refusal({ status: 415, code: 'not_json', detail: 'Send a body, as Content-Type: application/json.' })
}
