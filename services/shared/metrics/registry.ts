import { cpus, totalmem } from 'node:os'
import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** A registry with Node's metrics of its own process. */
export function createRegistry (): Registry {
  const registry = new Registry()
  // Looks at the event loop ten times a second; prom-client's default of a hundred is measurable work in an idle
  // process.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  for (const name of leftOut) registry.removeSingleMetric(name)
  return registry
}

/**
 * Gauges with names of counters, which `promtool check metrics` refuses, and the two that call private functions of
 * Node. `nodejs_active_resources` has the same numbers by type; its sum replaces all others.
 */
const leftOut = [
  'nodejs_active_handles', 'nodejs_active_handles_total',
  'nodejs_active_requests', 'nodejs_active_requests_total',
  'nodejs_active_resources_total'
]

/** The host's CPUs and memory, to which dashboards compare the containers'. */
export function addMachine (registry: Registry): void {
  const registers = [registry]
  new Gauge({ name: 'machine_cpu_cores', help: 'CPUs of the host.', registers }).set(cpus().length)
  new Gauge({ name: 'machine_memory_bytes', help: 'Memory of the host.', registers }).set(totalmem())
}

/** Times every request by route. Unknown paths are one route, so that clients cannot create series. */
export function timeRequests (registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request being read to the answer being sent.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry]
  })
  return (req, res, next) => {
    const end = durations.startTimer()
    res.on('finish', () =>
      end({ method: knownMethod(req.method), route: routeOf(req, res.locals.mountPath), status: res.statusCode })
    )
    next()
  }
}

/** Goes before a router that is mounted at a path: Express forgets that path when the router passes an error on. */
export const rememberMountPath: RequestHandler = (req, res, next) => {
  res.locals.mountPath = req.baseUrl
  next()
}

interface Routed { route?: { path?: unknown }, baseUrl: string }

function routeOf ({ route, baseUrl }: Routed, mountPath: string = baseUrl): string {
  return typeof route?.path === 'string' ? (mountPath + route.path).replace(/(.)\/$/, '$1') : 'unknown'
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

function knownMethod (method: string): string {
  return methods.has(method) ? method : 'other'
}
