import type { ConnectionReport, LatencyFigures, LoadFigures, LoadLive, LoadSummary, LoadView } from '#lab/wire/load.ts'

export const noLatency: LatencyFigures = { count: 0, meanMs: null, p50Ms: null, p90Ms: null, p99Ms: null, maxMs: null }

export function latencyOf (given: Partial<LatencyFigures> = {}): LatencyFigures {
  return { count: 1000, meanMs: 8, p50Ms: 7.25, p90Ms: 12.4, p99Ms: 498.2, maxMs: 1234, ...given }
}

/** Ten connections that were served in turn, without a text. */
export function connectionsOf (given: Partial<ConnectionReport> = {}): ConnectionReport {
  const turns = (inTurn: number) => ({ inTurn, overtaken: 0, latency: latencyOf({ count: inTurn }) })
  return { inTurn: true, text: '', wait: noLatency, connect: noLatency, first: turns(10), later: turns(990), ...given }
}

/** A thousand requests, all answered. */
export function figuresOf (given: Partial<LoadFigures> = {}): LoadFigures {
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
    latency: latencyOf(),
    errorLatency: noLatency,
    ...given
  }
}

export function liveOf (given: Partial<LoadLive> = {}): LoadLive {
  const lastSecond = { sentPerSecond: 50, answeredPerSecond: 49.8, failedPerSecond: 0, latency: latencyOf() }
  return { atSeconds: 10.25, inFlight: 1, waiting: 0, lastSecond, total: figuresOf(), ...given }
}

export function summaryOf (given: Partial<LoadSummary> = {}): LoadSummary {
  return {
    seconds: 20,
    total: figuresOf(),
    steps: [{ ratePerSecond: 50, ...figuresOf() }],
    connections: connectionsOf(),
    generator: {
      keptPace: true,
      text: 'The generator kept the pace.',
      missedSends: 0,
      lateSends: 0,
      lateness: noLatency,
      waitedForConnection: 0,
      throttledShare: 0,
      throttledSeconds: 0
    },
    ...given
  }
}

/** A load of 50/s for 20 s that has just begun. */
export function viewOf (given: Partial<LoadView> = {}): LoadView {
  const spec = {
    service: 'api',
    method: 'GET',
    path: '/work/cpu?ms=5',
    ratesPerSecond: [50],
    durationSeconds: 20,
    connections: 100,
    timeoutSeconds: 10
  } as const
  return {
    id: 'a',
    state: 'running',
    spec: { ...spec, ratesPerSecond: [50] },
    startedAt: '',
    startedUptimeSeconds: 0,
    finishedAt: null,
    live: null,
    summary: null,
    error: null,
    ...given
  }
}
