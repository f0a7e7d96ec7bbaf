import { Router } from 'express'
import { within } from '#shared/process/within.ts'

/** Resolves if the part that it checks answers; otherwise rejects with the reason. */
export type Check = () => Promise<unknown>

export interface Health {
  /** The service cannot do its work without these: it is not ready. */
  required: Record<string, Check>
  /** The service works less well without these: it is still ready, and reports them. */
  optional: Record<string, Check>
  isStopping: () => boolean
}

const CHECK_MS = 1000

/** `/livez` checks nothing: a slow Postgres must not get this process killed. `/readyz` names what fails. */
export function healthRoutes ({ required, optional, isStopping }: Health): Router {
  const router = Router()
  router.get('/livez', (_req, res) => { res.json({ status: 'ok' }) })
  router.get('/readyz', async (_req, res) => {
    const [failing, degraded] = await Promise.all([failingOf(required), failingOf(optional)])
    if (isStopping()) failing.push('stopping')
    const ready = failing.length === 0
    res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'unavailable', failing, degraded })
  })
  return router
}

async function failingOf (checks: Record<string, Check>): Promise<string[]> {
  const names = Object.keys(checks)
  const isHealthy = (check: Check) => within(CHECK_MS, check()).then(() => true, () => false)
  const healthy = await Promise.all(Object.values(checks).map(isHealthy))
  return names.filter((_name, i) => !healthy[i])
}
