import { Router } from 'express'
import type { Schemas } from '#api/schemas.ts'
import { methodNotAllowed } from '#shared/http/problem.ts'
import { check } from '#shared/http/request.ts'
import { burnCpu } from '#shared/work/burn-cpu.ts'
import { holdMemory } from '#shared/work/hold-memory.ts'

/**
 * Load on request, in the API's own process and under its own limits. CPU work blocks the one thread that also serves
 * all other clients, as real CPU work in Node would.
 */
export function workRoutes (schemas: Schemas): Router {
  const router = Router()

  router.get('/cpu', (req, res) => {
    const { ms } = check(schemas.workCpu, req.query)
    res.json({ requestedMs: ms, ...burnCpu(ms) })
  })

  router.get('/memory', async (req, res) => {
    const { mib, holdMs } = check(schemas.workMemory, req.query)
    const gone = new AbortController()
    res.on('close', () => gone.abort())
    await holdMemory(mib, holdMs, gone.signal).catch(err => { if (!gone.signal.aborted) throw err })
    res.json({ mib, holdMs })
  })

  router.all(['/cpu', '/memory'], methodNotAllowed('GET'))
  return router
}
