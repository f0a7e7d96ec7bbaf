import type { RequestHandler } from 'express'
import { Refusal } from '#shared/http/problem.ts'

/** In the place of everything under `/work` where WORK_ENDPOINTS is off. */
export const workIsOff: RequestHandler = () => {
  throw new Refusal({ status: 404, code: 'work_is_off', detail: 'Work on request is switched off here (WORK_ENDPOINTS=off).' })
}
