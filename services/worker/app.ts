import express, { type Express, type RequestHandler } from 'express'
import type { Authority } from '#shared/http/authority.ts'
import { guard } from '#shared/http/guard.ts'
import { healthRoutes, type Health } from '#shared/http/health.ts'
import { reportProblem, unknownPath } from '#shared/http/problem.ts'
import { rememberMountPath } from '#shared/metrics/registry.ts'
import type { Scrape } from '#shared/metrics/scrape.ts'
import type { Log } from '#shared/process/log.ts'
import { whoami } from '#shared/process/whoami.ts'
import type { Markers } from '#shared/work/markers.ts'
import { markerRoutes, workIsOff } from '#shared/work/work-routes.ts'
import { redisMemoryRoutes, type Scripting } from './redis-memory.ts'

interface Deps {
  allowedHosts: Authority[]
  /** Whether it offers the endpoints that experiments use beside jobs. */
  workEndpoints: boolean
  health: Health
  scrape: Scrape
  timeRequests: RequestHandler
  markers: Markers
  redis: Scripting
  log: Log
}

/**
 * The worker's own endpoints, reachable only inside the network. Without a container engine this is a port of this
 * machine, which a browser can reach.
 */
export function createApp (
  { allowedHosts, workEndpoints, health, scrape, timeRequests, markers, redis, log }: Deps
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(timeRequests, guard({ service: 'worker', allowedHosts, setting: 'WORKER_ALLOWED_HOSTS', linked: [] }))
  app.use(healthRoutes(health))
  app.use(scrape.routes())
  app.get('/whoami', (_req, res) => { res.json(whoami()) })
  app.use('/work', rememberMountPath, workEndpoints ? [markerRoutes(markers), redisMemoryRoutes(redis)] : workIsOff)
  app.use(unknownPath())
  app.use(reportProblem(log))
  return app
}
