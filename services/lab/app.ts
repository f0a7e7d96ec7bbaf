import express, { Router, type Express, type RequestHandler } from 'express'
import { healthRoutes, type Health } from '../shared/health.ts'
import type { Log } from '../shared/log.ts'
import { methodNotAllowed, reportProblem, unknownPath } from '../shared/problem.ts'
import { guard, safeHeaders } from './guard.ts'
import { containerRoutes, type ContainerRouteDeps } from './routes/containers.ts'
import { historyRoutes, type HistoryRouteDeps } from './routes/history.ts'
import { jobRoutes, type JobRouteDeps } from './routes/jobs.ts'
import { pageRoutes } from './routes/page.ts'

interface Deps {
  allowedHosts: string[]
  webAssets: string
  health: Health
  metrics: Router
  timeRequests: RequestHandler
  containers: ContainerRouteDeps
  history: HistoryRouteDeps
  jobs: JobRouteDeps
  log: Log
}

/** The lab as a function of what it needs; opens nothing and listens nowhere. */
export function createApp ({ allowedHosts, webAssets, health, metrics, timeRequests, containers, history, jobs, log }: Deps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')

  app.use(timeRequests, safeHeaders, guard(allowedHosts))
  app.use(healthRoutes(health))
  app.use(metrics)
  app.use('/api', notStored, containerRoutes(containers), historyRoutes(history))
  app.use('/api/jobs', jobRoutes(jobs))
  app.use(pageRoutes(webAssets))

  app.all(readOnlyPaths, methodNotAllowed('GET'))
  app.use(unknownPath())
  app.use(reportProblem(log))
  return app
}

const notStored: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}

const readOnlyPaths = ['/', '/livez', '/readyz', '/metrics', '/api/containers', '/api/stream', '/api/history', '/api/whoami', '/api/events']
