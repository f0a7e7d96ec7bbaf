import express, { type Express, type RequestHandler } from 'express'
import { cgroupRoutes } from '#api/routes/cgroup.ts'
import { docsRoutes } from '#api/routes/docs.ts'
import { jobRoutes, type JobRouteDeps } from '#api/routes/jobs.ts'
import { workRoutes } from '#api/routes/work.ts'
import { guard, openPaths } from '#shared/http/guard.ts'
import { healthRoutes, type Health } from '#shared/http/health.ts'
import { explainOutage, methodNotAllowed, reportProblem, unknownPath } from '#shared/http/problem.ts'
import { rememberMountPath } from '#shared/metrics/registry.ts'
import type { Scrape } from '#shared/metrics/scrape.ts'
import type { Log } from '#shared/process/log.ts'
import type { OwnContainer } from '#shared/process/own-container.ts'
import { whoami } from '#shared/process/whoami.ts'
import type { Markers } from '#shared/work/markers.ts'
import { markerRoutes, workIsOff } from '#shared/work/work-routes.ts'
import type { Config } from './config.ts'
import { createOpenApi } from './openapi.ts'
import { createSchemas } from './schemas.ts'

export interface Deps extends Omit<JobRouteDeps, 'schemas' | 'bodyBytes'> {
  config: Pick<Config, 'allowedHosts' | 'bodyBytes' | 'bounds' | 'workEndpoints'>
  own: OwnContainer
  health: Health
  scrape: Scrape
  timeRequests: RequestHandler
  markers: Markers
  docsAssets: string
  version: string
  log: Log
}

/** Makes the app from the things it needs; it opens nothing and listens nowhere. */
export function createApp (
  { config, own, health, scrape, timeRequests, markers, docsAssets, version, ...deps }: Deps
): Express {
  const app = express()
  const schemas = createSchemas(config.bounds)
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')

  app.use(timeRequests)
  app.use((_req, res, next) => { res.set('X-Content-Type-Options', 'nosniff'); next() })
  app.use(guard({ service: 'api', allowedHosts: config.allowedHosts, setting: 'API_ALLOWED_HOSTS', linked }))
  app.use(healthRoutes(health))
  app.use(scrape.routes())
  app.use('/jobs', rememberMountPath, jobRoutes({ ...deps, schemas, bodyBytes: config.bodyBytes }))
  app.use('/work', rememberMountPath, config.workEndpoints ? [workRoutes(schemas), markerRoutes(markers)] : workIsOff)
  app.get('/whoami', (_req, res) => { res.json(whoami()) })
  app.use(cgroupRoutes(own))
  app.use(docsRoutes(() => createOpenApi(schemas, version), docsAssets))

  app.all(readOnlyPaths, methodNotAllowed('GET'))
  app.use(unknownPath('/docs lists what there is.'))
  app.use(reportProblem(deps.log, explainOutage('The job store does not answer. Nothing was accepted; try again.')))
  return app
}

/** The README links to the documentation. */
const linked = ['/docs', '/docs/', '/openapi.json']
const readOnlyPaths = [...openPaths, '/whoami', '/cgroup', '/openapi.json', '/docs']
