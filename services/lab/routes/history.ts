import { once } from 'node:events'
import { setImmediate as othersFirst } from 'node:timers/promises'
import { Router } from 'express'
import { realTime, type Moment, uptimeSeconds } from '#lab/clock.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Observer } from '#lab/observing/observer.ts'
import type { History, HistoryStep } from '#lab/observing/sampling/history.ts'
import { historySeries, type LimitStep, type SampleTime } from '#lab/wire/live.ts'
import { Refusal } from '#shared/http/problem.ts'

export interface HistoryRouteDeps {
  observer: Pick<Observer, 'history' | 'containers'>
  keepSeconds: number
  hz: number
  now?: () => Moment
}

/** About the width of a screen. */
const DEFAULT_STEPS = 900

/** `GET /history?seconds=&step=`: columns instead of rows. */
export function historyRoutes (deps: HistoryRouteDeps): Router {
  const router = Router()
  router.get('/history', async (req, res) => {
    const seconds = number(req.query.seconds, 'seconds', deps.keepSeconds)
    const step = number(req.query.step, 'step', Math.max(1 / deps.hz, seconds / DEFAULT_STEPS))
    const now = (deps.now ?? realTime.moment)()
    const steps = deps.observer.history.steps(now.monotonicMs / 1000 - seconds, step)
    res.type('application/json')
    // In pieces, so that a long history neither delays a sample nor is in memory twice.
    for (const piece of pieces(deps.observer, steps, now)) {
      if (!res.write(piece)) await Promise.race([once(res, 'drain'), once(res, 'close')])
      if (res.destroyed) return
      await othersFirst()
    }
    res.end()
  })
  return router
}

function * pieces (
  { history, containers }: HistoryRouteDeps['observer'],
  steps: HistoryStep[],
  now: Moment
): Generator<string> {
  const newest = timeOf(history.newest, now)
  yield `{"newest":${JSON.stringify(newest)},"at":${JSON.stringify(steps.map(({ at }) => unixMs(at, now) / 1000))},"containers":[`
  let separator = ''
  for (const watched of [...containers]) {
    yield `${separator}${JSON.stringify(headOf(watched, now)).slice(0, -1)},"series":{`
    for (const [i, series] of historySeries.entries()) {
      yield `${i === 0 ? '' : ','}"${series}":${JSON.stringify(history.column(watched.found.id, i, steps))}`
    }
    yield '}}'
    separator = ','
  }
  yield ']}'
}

function headOf ({ found: { id, service, name }, effective, limitSteps }: WatchedContainer, now: Moment) {
  const steps: LimitStep[] = limitSteps.all.map(({ fromMs, effective }) =>
    ({ at: unixMs(fromMs / 1000, now) / 1000, effective }))
  return { id, service, name, effective, limitSteps: steps }
}

function timeOf (newest: History['newest'], now: Moment): SampleTime | null {
  if (newest === null) return null
  const { at, seq } = newest
  return { at: new Date(unixMs(at, now)).toISOString(), seq, uptimeSeconds: uptimeSeconds(at * 1000) }
}

/**
 * Computed from how long ago the moment was, and from the time now. If the host's clock was set in between, the time
 * that it showed then does not fit the time that it shows now.
 */
function unixMs (atSeconds: number, now: Moment): number {
  return Math.round(now.atMs - (now.monotonicMs - atSeconds * 1000))
}

function number (text: unknown, name: string, fallback: number): number {
  if (text === undefined) return fallback
  const value = typeof text === 'string' && text !== '' ? Number(text) : NaN
  if (value > 0 && value <= 3600) return value
  throw new Refusal({ status: 400, code: 'invalid_request', detail: `${name}: expected a number of seconds above 0 and up to 3600` })
}
