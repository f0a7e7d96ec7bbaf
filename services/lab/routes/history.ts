import { once } from 'node:events'
import { setImmediate as othersFirst } from 'node:timers/promises'
import { Router } from 'express'
import { Refusal } from '../../shared/problem.ts'
import type { History, Step } from '../sampling/history.ts'
import type { Watched } from '../sampling/watched.ts'
import { historySeries } from '../wire.ts'

export interface HistoryRouteDeps {
  history: History
  sampler: { watched: Iterable<Watched> }
  keepSeconds: number
  hz: number
}

/** About what a screen is wide. */
const DEFAULT_STEPS = 900

/** `GET /history?seconds=&step=`: columns instead of rows. */
export function historyRoutes (deps: HistoryRouteDeps): Router {
  const router = Router()
  router.get('/history', async (req, res) => {
    const seconds = number(req.query.seconds, 'seconds', deps.keepSeconds)
    const step = number(req.query.step, 'step', Math.max(1 / deps.hz, seconds / DEFAULT_STEPS))
    const steps = deps.history.steps(Date.now() / 1000 - seconds, step)
    res.type('application/json')
    // In pieces, so that a long history neither delays a sample nor is in memory twice.
    for (const piece of pieces(deps, steps)) {
      if (!res.write(piece)) await Promise.race([once(res, 'drain'), once(res, 'close')])
      if (res.destroyed) return
      await othersFirst()
    }
    res.end()
  })
  return router
}

function * pieces ({ history, sampler }: HistoryRouteDeps, steps: Step[]): Generator<string> {
  yield `{"at":${JSON.stringify(steps.map(({ at }) => Math.round(at * 1000) / 1000))},"containers":[`
  let separator = ''
  for (const { found: { id, service, name }, effective } of [...sampler.watched]) {
    yield `${separator}${JSON.stringify({ id, service, name, effective }).slice(0, -1)},"series":{`
    for (const [i, series] of historySeries.entries()) {
      yield `${i === 0 ? '' : ','}"${series}":${JSON.stringify(history.column(id, i, steps))}`
    }
    yield '}}'
    separator = ','
  }
  yield ']}'
}

function number (text: unknown, name: string, fallback: number): number {
  if (text === undefined) return fallback
  const value = typeof text === 'string' && text !== '' ? Number(text) : NaN
  if (value > 0 && value <= 3600) return value
  throw new Refusal({ status: 400, code: 'invalid_request', detail: `${name}: expected a number of seconds above 0 and up to 3600` })
}
