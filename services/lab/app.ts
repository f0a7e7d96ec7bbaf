import express, { Router, type Express, type RequestHandler } from 'express'
import { experimentRoutes, type ExperimentRouteDeps } from '#lab/routes/experiments.ts'
import { historyRoutes, type HistoryRouteDeps } from '#lab/routes/history.ts'
import { jobRoutes, type JobRouteDeps } from '#lab/routes/jobs.ts'
import { containerRoutes, type ContainerRouteDeps } from '#lab/routes/live.ts'
import { loadRoutes, type LoadRouteDeps } from '#lab/routes/loads.ts'
import { pageRoutes } from '#lab/routes/page.ts'
import { safeHeaders } from '#lab/routes/safe-headers.ts'
import type { Authority } from '#shared/http/authority.ts'
import { guard, openPaths } from '#shared/http/guard.ts'
import { healthRoutes, type Health } from '#shared/http/health.ts'
import { explainOutage, methodNotAllowed, reportProblem, unknownPath } from '#shared/http/problem.ts'
import type { Log } from '#shared/process/log.ts'

interface Deps {
  allowedHosts: Authority[]
  webAssets: string
  health: Health
  metrics: Router
  timeRequests: RequestHandler
  containers: ContainerRouteDeps
  history: HistoryRouteDeps
  jobs: JobRouteDeps
  experiments: ExperimentRouteDeps
  loads: LoadRouteDeps
  log: Log
}

/** The lab as a function of what it needs; opens nothing and listens nowhere. */
export function createApp ({ allowedHosts, webAssets, health, metrics, timeRequests, containers, history, jobs, experiments, loads, log }: Deps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')

  app.use(timeRequests, safeHeaders, guard({ service: 'lab', allowedHosts, setting: 'LAB_ALLOWED_HOSTS', linked: ['/', '/index.html'] }))
  app.use(healthRoutes(health))
  app.use(metrics)
  app.use('/api', notStored, containerRoutes(containers), historyRoutes(history))
  app.use('/api/jobs', jobRoutes(jobs))
  app.use('/api', experimentRoutes(experiments))
  app.use('/api/loads', loadRoutes(loads))
  app.use(pageRoutes(webAssets))

  app.all(readOnlyPaths, methodNotAllowed('GET'))
  app.use(unknownPath())
  app.use(reportProblem(log, explainOutage('Postgres, where runs are kept, does not answer. Try again.')))
  return app
}

const notStored: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}

const readOnlyPaths = [...openPaths, '/', '/api/containers', '/api/stream', '/api/history', '/api/whoami', '/api/events']
