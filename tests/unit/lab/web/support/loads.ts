import type { ConnectionReport, LatencyFigures, LoadFigures, LoadSpec, LoadView } from '#lab/wire/load.ts'

export const spec: LoadSpec = {
  service: 'api',
  method: 'GET',
  path: '/work/cpu?ms=5',
  ratesPerSecond: [50],
  durationSeconds: 20,
  connections: 100,
  timeoutSeconds: 10
}

export function latency (p99Ms: number | null): LatencyFigures {
  const p50Ms = p99Ms === null ? null : p99Ms / 2
  return { count: p99Ms === null ? 0 : 1000, meanMs: p99Ms, p50Ms, p90Ms: p99Ms, p99Ms, maxMs: p99Ms }
}

export function figures (changes: Partial<LoadFigures> = {}): LoadFigures {
  return {
    due: 1000,
    sent: 1000,
    succeeded: 1000,
    succeededWithinSecond: 1000,
    failed: 0,
    statuses: { '2xx': 1000, '3xx': 0, '4xx': 0, '5xx': 0 },
    timeouts: 0,
    connectionErrors: 0,
    missedSends: 0,
    latency: latency(20),
    errorLatency: latency(null),
    ...changes
  }
}

export function connections (changes: Partial<ConnectionReport> = {}): ConnectionReport {
  const turns = { inTurn: 500, overtaken: 0, latency: latency(20) }
  return {
    inTurn: true,
    text: 'New connections were served in turn.',
    wait: latency(0.2),
    connect: latency(0.5),
    first: turns,
    later: turns,
    ...changes
  }
}

/** A load that has just begun, with the changes that a test is about. */
export function load (changes: Partial<LoadView> = {}): LoadView {
  return {
    id: 'load-1',
    state: 'running',
    spec,
    startedAt: '2026-11-22T09:00:00.000Z',
    startedUptimeSeconds: 100,
    finishedAt: null,
    live: null,
    summary: null,
    error: null,
    ...changes
  }
}

export function finished (changes: Partial<LoadView> = {}, total: LoadFigures = figures(), keptPace = true): LoadView {
  const generator = {
    keptPace,
    text: keptPace ? 'The generator kept the pace.' : 'The generator did not keep the pace.',
    missedSends: 0,
    lateSends: 0,
    lateness: latency(0.2),
    waitedForConnection: 0,
    throttledShare: 0,
    throttledSeconds: 0
  }
  const steps = [{ ratePerSecond: 50, ...total }]
  const summary = { seconds: 20, total, steps, connections: connections(), generator }
  return load({ state: 'finished', finishedAt: '2026-11-22T09:00:20.000Z', summary, ...changes })
}

export function live (
  atSeconds: number,
  changes: Partial<NonNullable<LoadView['live']>> = {}
): NonNullable<LoadView['live']> {
  const lastSecond = { sentPerSecond: 50, answeredPerSecond: 49.5, failedPerSecond: 0, latency: latency(12) }
  return { atSeconds, inFlight: 3, waiting: 0, lastSecond, total: figures({ due: 50 }), ...changes }
}
