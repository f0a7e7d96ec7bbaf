import { Router } from 'express'
import type * as z from 'zod'
import type { Sweeps } from '#lab/sweep/sweeps.ts'
import type { SweepSpec, SweepView } from '#lab/wire/sweep.ts'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'
import { check, jsonObject } from '#shared/http/request.ts'

export interface SweepRouteDeps {
  sweeps: Pick<Sweeps, 'start' | 'all' | 'find' | 'cancel'>
  /** What a sweep may be. */
  schema: z.ZodType<SweepSpec>
  /** Whether sweeps may be started. */
  isOn: boolean
  bodyBytes: number
}

/** Searches for the smallest limits that meet a goal, at most one at a time. */
export function sweepRoutes ({ sweeps, schema, isOn, bodyBytes }: SweepRouteDeps): Router {
  const router = Router()

  router.get('/', (_req, res) => { res.json({ sweeps: sweeps.all() }) })
  router.post('/', jsonObject(bodyBytes), async (req, res) => {
    const spec = check(schema, req.body)
    if (!isOn) throw sweepsAreOff()
    const sweep = await sweeps.start(spec)
    res.status(202).location(`/api/sweeps/${sweep.id}`).json(sweep)
  })

  router.get('/:id', (req, res) => { res.json(found(sweeps.find(req.params.id))) })
  router.delete('/:id', (req, res) => {
    found(sweeps.find(req.params.id))
    const cancelled = sweeps.cancel(req.params.id)
    if (cancelled === null) throw hasEnded()
    // It ends when its trial has ended and the limits are put back, so this still says "running".
    res.status(202).json(cancelled)
  })

  router.all('/', methodNotAllowed('GET', 'POST'))
  router.all('/:id', methodNotAllowed('GET', 'DELETE'))
  return router
}

function found (sweep: SweepView | null): SweepView {
  if (sweep !== null) return sweep
  throw new Refusal({ status: 404, code: 'unknown_sweep', detail: 'There is no sweep with this id; the lab remembers the last 20.' })
}

function hasEnded (): Refusal {
  return new Refusal({ status: 409, code: 'sweep_ended', detail: 'This sweep has ended already.' })
}

function sweepsAreOff (): Refusal {
  return new Refusal({ status: 403, code: 'sweeps_are_off', detail: 'Sweeps are switched off here (LAB_EXPERIMENTS=off).' })
}
