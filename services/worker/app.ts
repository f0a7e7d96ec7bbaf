import express, { type Express, type RequestHandler } from 'express'
import type { Authority } from '../shared/authority.ts'
import { guard } from '../shared/guard.ts'
import { healthRoutes, type Health } from '../shared/health.ts'
import type { Log } from '../shared/log.ts'
import { markerRoutes } from '../shared/marker-routes.ts'
import type { Markers } from '../shared/markers.ts'
import { rememberPlace } from '../shared/metrics.ts'
import { reportProblem, unknownPath } from '../shared/problem.ts'
import type { Scrape } from '../shared/scrape.ts'
import { whoami } from '../shared/whoami.ts'
import { workIsOff } from '../shared/work-is-off.ts'
import { redisMemoryRoutes, type Scripting } from './redis-memory.ts'

interface Deps {
  allowedHosts: Authority[]
  /** Whether it does what an experiment asks of it beside its jobs. */
  workEndpoints: boolean
  health: Health
  scrape: Scrape
  timeRequests: RequestHandler
  markers: Markers
  redis: Scripting
  log: Log
}

/**
 * What the worker tells about itself; inside the network only. Without an engine it is a port of this machine, which a browser reaches.
 */
export function createApp ({ allowedHosts, workEndpoints, health, scrape, timeRequests, markers, redis, log }: Deps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(timeRequests, guard({ service: 'worker', allowedHosts, setting: 'WORKER_ALLOWED_HOSTS', linked: [] }))
  app.use(healthRoutes(health))
  app.use(scrape.routes())
  app.get('/whoami', (_req, res) => { res.json(whoami()) })
  app.use('/work', rememberPlace, workEndpoints ? [markerRoutes(markers), redisMemoryRoutes(redis)] : workIsOff)
  app.use(unknownPath())
  app.use(reportProblem(log))
  return app
}
