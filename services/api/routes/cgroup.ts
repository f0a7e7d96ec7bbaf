import { Router } from 'express'
import { Refusal } from '#shared/http/problem.ts'
import type { OwnContainer } from '#shared/process/own-container.ts'

/** The container's own reading, as JSON. */
export function cgroupRoutes (own: OwnContainer): Router {
  const router = Router()
  router.get('/cgroup', (_req, res) => {
    const reading = own.read()
    // 404 and not 503, because waiting would not help.
    if (reading === null) throw new Refusal({ status: 404, code: 'not_measured', detail: `This process is not measured: ${own.missing}.` })
    res.json({ ...reading, effective: own.effectiveLimits() })
  })
  return router
}
