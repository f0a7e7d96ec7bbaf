import express, { Router, type Express, type RequestHandler } from 'express'
import type { Dns } from '#lab/observing/containers/engine-dns.ts'
import { absentRoutes } from '#lab/routes/absent.ts'
import { experimentRoutes, type ExperimentRouteDeps } from '#lab/routes/experiments.ts'
import { historyRoutes, type HistoryRouteDeps } from '#lab/routes/history.ts'
import { jobRoutes, type JobRouteDeps } from '#lab/routes/jobs.ts'
import { limitRoutes, type LimitRouteDeps } from '#lab/routes/limits.ts'
import { liveRoutes, type LiveRouteDeps } from '#lab/routes/live.ts'
import { loadRoutes, type LoadRouteDeps } from '#lab/routes/loads.ts'
import { refuseNeighbours } from '#lab/routes/neighbours.ts'
import { pageRoutes } from '#lab/routes/page.ts'
import { sweepRoutes, type SweepRouteDeps } from '#lab/routes/sweeps.ts'
import type { Authority } from '#shared/http/authority.ts'
import { guard, openPaths } from '#shared/http/guard.ts'
import { healthRoutes, type Health } from '#shared/http/health.ts'
import { explainOutage, methodNotAllowed, reportProblem, unknownPath } from '#shared/http/problem.ts'
import type { Log } from '#shared/process/log.ts'

interface Deps {
  /** Another project that the lab watches, and the DNS of its networks; `null`: it watches its own stack. */
  attached: { project: string, dns: Dns } | null
  allowedHosts: Authority[]
  webAssets: string
  health: Health
  metrics: Router
  timeRequests: RequestHandler
  live: LiveRouteDeps
  history: HistoryRouteDeps
  jobs: JobRouteDeps
  experiments: ExperimentRouteDeps
  loads: LoadRouteDeps
  limits: LimitRouteDeps
  sweeps: SweepRouteDeps
  log: Log
}

/** The lab's application, made from what it needs. It opens nothing, and does not listen yet. */
export function createApp (deps: Deps): Express {
  const { attached, allowedHosts, webAssets, health, metrics, timeRequests, live, history, jobs } = deps
  const { experiments, loads, limits, sweeps, log } = deps
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')

  app.use(timeRequests, safeHeaders)
  app.use(guard({ service: 'lab', allowedHosts, setting: 'LAB_ALLOWED_HOSTS', linked: ['/', '/index.html'] }))
  app.use(healthRoutes(health))
  app.use(metrics)
  if (attached !== null) app.use('/api', refuseNeighbours(attached.dns), absentRoutes(attached.project))
  app.use('/api', notStored, liveRoutes(live), historyRoutes(history))
  app.use('/api/jobs', jobRoutes(jobs))
  app.use('/api', experimentRoutes(experiments))
  app.use('/api/loads', loadRoutes(loads))
  app.use('/api/limits', limitRoutes(limits))
  app.use('/api/sweeps', sweepRoutes(sweeps))
  app.use(pageRoutes(webAssets))

  app.all(readOnlyPaths, methodNotAllowed('GET'))
  app.use(unknownPath())
  app.use(reportProblem(log, explainOutage('Postgres, where runs are kept, does not answer. Try again.')))
  return app
}

/** `img-src data:` is for the favicon. The charts set styles through the CSSOM, which needs no exception. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

const safeHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY'
  })
  next()
}

const notStored: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}

const readOnlyPaths = [
  ...openPaths, '/', '/api/containers', '/api/stream', '/api/history', '/api/whoami', '/api/events'
]
