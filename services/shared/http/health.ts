import { Router } from 'express'
import { within } from '#shared/process/within.ts'

/** Resolves when what it checks answers; rejects with the reason when it does not. */
export type Check = () => Promise<unknown>

export interface Health {
  /** Without these the service cannot do its work: not ready. */
  required: Record<string, Check>
  /** Without these it works less well: still ready, and says so. */
  optional: Record<string, Check>
  isStopping: () => boolean
}

const CHECK_MS = 1000

/** `/livez` touches nothing: a slow Postgres must not get this process killed. `/readyz` names what is missing. */
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
