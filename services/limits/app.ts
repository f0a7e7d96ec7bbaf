import express, { type Express } from 'express'
import { reportProblem, methodNotAllowed, unknownPath } from '#shared/http/problem.ts'
import { check, jsonObject } from '#shared/http/request.ts'
import { changeSchema, type ChangedLimits, type LimitChange, type MachineSize } from '#shared/limits/change.ts'
import type { Log } from '#shared/process/log.ts'

/** Three numbers and a name. */
const BODY_BYTES = 1024

interface Deps {
  change: (change: LimitChange) => Promise<ChangedLimits>
  machine: MachineSize
  log: Log
}

/** The one request that the broker takes. */
export function createApp ({ change, machine, log }: Deps): Express {
  const app = express()
  const schema = changeSchema(machine)
  app.disable('x-powered-by')
  app.disable('etag')
  app.post('/limits', jsonObject(BODY_BYTES), async (req, res) => { res.json(await change(check(schema, req.body))) })
  app.all('/limits', methodNotAllowed('POST'))
  app.use(unknownPath())
  app.use(reportProblem(log))
  return app
}
