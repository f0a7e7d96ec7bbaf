import { Router } from 'express'
import * as z from 'zod'
import type { Changes } from '#lab/limits/changes.ts'
import type { LimitsView } from '#lab/wire/limits.ts'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'
import { check, jsonObject } from '#shared/http/request.ts'
import { changeSchema, type MachineSize } from '#shared/limits/change.ts'

const MOST_SECONDS = 86_400

export interface LimitRouteDeps {
  changes: Pick<Changes, 'all' | 'canChange' | 'request'>
  machine: MachineSize
  /** What a change would disturb, in words; `null` if nothing. */
  busyWith: () => string | null
  /** Whether limits may be changed, as experiments and loads may be started. */
  isOn: boolean
  bodyBytes: number
}

/** Limits of running containers, changed by hand. */
export function limitRoutes ({ changes, machine, busyWith, isOn, bodyBytes }: LimitRouteDeps): Router {
  const router = Router()
  const error = `expected seconds from 1 to ${MOST_SECONDS}`
  const schema = changeSchema(machine)
    .extend({ forSeconds: z.number({ error }).min(1, { error }).max(MOST_SECONDS, { error }).optional() })

  router.get('/', (_req, res) => {
    const view: LimitsView = { canChange: changes.canChange && isOn, changed: changes.all() }
    res.json(view)
  })
  router.post('/', jsonObject(bodyBytes), async (req, res) => {
    const request = check(schema, req.body)
    if (!isOn) throw limitsAreOff()
    const busy = busyWith()
    if (busy !== null) throw new Refusal({ status: 409, code: 'stack_busy', detail: `A change would disturb: ${busy}.` })
    res.json(await changes.request(request, 'hand'))
  })
  router.all('/', methodNotAllowed('GET', 'POST'))
  return router
}

function limitsAreOff (): Refusal {
  return new Refusal({ status: 403, code: 'limits_are_off', detail: 'Changing limits is switched off here (LAB_EXPERIMENTS=off).' })
}
