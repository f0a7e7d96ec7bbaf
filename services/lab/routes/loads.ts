import { Router } from 'express'
import type * as z from 'zod'
import type { Load } from '#lab/load/load.ts'
import type { LoadSpec, LoadView } from '#lab/wire/load.ts'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'
import { check, jsonObject } from '#shared/http/request.ts'

type RoutedLoad = Pick<Load, 'id' | 'view' | 'cancel'>

export interface LoadRouteDeps {
  loads: {
    start: (spec: LoadSpec) => RoutedLoad
    all: () => LoadView[]
    find: (id: string) => RoutedLoad | null
    running: RoutedLoad | null
  }
  /** What a load may be. */
  schema: z.ZodType<LoadSpec>
  /** What a load would disturb, in words; `null` if nothing. */
  busyWith: () => string | null
  /** Whether loads may be started. */
  isOn: boolean
  bodyBytes: number
}

/** Loads on the stack's own services, at most one at a time. */
export function loadRoutes ({ loads, schema, busyWith, isOn, bodyBytes }: LoadRouteDeps): Router {
  const router = Router()

  router.get('/', (_req, res) => { res.json({ loads: loads.all() }) })
  router.post('/', jsonObject(bodyBytes), (req, res) => {
    const spec = check(schema, req.body)
    if (!isOn) throw loadsAreOff()
    if (loads.running !== null) throw oneAtATime(loads.running)
    const busy = busyWith()
    if (busy !== null) throw new Refusal({ status: 409, code: 'stack_busy', detail: `A load would disturb: ${busy}.` })
    const load = loads.start(spec)
    res.status(202).location(`/api/loads/${load.id}`).json(load.view())
  })

  router.get('/:id', (req, res) => { res.json(found(loads.find(req.params.id)).view()) })
  router.delete('/:id', (req, res) => {
    const load = found(loads.find(req.params.id))
    if (load.view().state !== 'running') throw hasEnded()
    load.cancel()
    // The load ends when the generator has closed its connections, so this still says "running".
    res.status(202).json(load.view())
  })

  router.all('/', methodNotAllowed('GET', 'POST'))
  router.all('/:id', methodNotAllowed('GET', 'DELETE'))
  return router
}

function found (load: RoutedLoad | null): RoutedLoad {
  if (load !== null) return load
  throw new Refusal({ status: 404, code: 'unknown_load', detail: 'There is no load with this id; the lab remembers the last 20.' })
}

function hasEnded (): Refusal {
  return new Refusal({ status: 409, code: 'load_ended', detail: 'This load has ended already.' })
}

function oneAtATime ({ id }: RoutedLoad): Refusal {
  const detail = `A load is running, and two at a time would measure each other. Wait for it, or cancel it: DELETE /api/loads/${id}.`
  return new Refusal({ status: 409, code: 'load_running', detail })
}

function loadsAreOff (): Refusal {
  return new Refusal({ status: 403, code: 'loads_are_off', detail: 'Loads are switched off here (LAB_EXPERIMENTS=off).' })
}
