/** What the lab says about loads: the JSON of /api/loads, and the stream's event `load`. */

/** A load as it was asked for: the body of POST /api/loads, with its defaults filled in. */
export interface LoadSpec {
  service: string
  /** Only in another project, whose services may listen anywhere. */
  port?: number
  method: 'GET' | 'POST'
  /** Begins with `/`. */
  path: string
  /** Sent as JSON; only with POST. */
  body?: unknown
  /**
   * Open loop: how many requests are due every second. Several rates follow each other, each for an equal part of the
   * duration.
   */
  ratesPerSecond: number[]
  durationSeconds: number
  /** At most this many at a time. A request that finds none free waits, and the wait counts towards its latency. */
  connections: number
  /** From when a request was due. */
  timeoutSeconds: number
}

/** Measured from when a request was due, even if it could only be sent later. `null` if there was no request. */
export interface LatencyFigures {
  count: number
  meanMs: number | null
  p50Ms: number | null
  p90Ms: number | null
  p99Ms: number | null
  maxMs: number | null
}

/**
 * How the requests that were due ended: due = succeeded + failed. While the load is running, those that wait or are in
 * flight are missing from the sum.
 */
export interface LoadFigures {
  due: number
  /** Given to a connection. */
  sent: number
  /** Answered with a status below 400. */
  succeeded: number
  /** Succeeded within a second of when they were due. */
  succeededWithinSecond: number
  /** Answered with 400 or above, timed out, lost with their connection, or never sent. */
  failed: number
  statuses: Record<'2xx' | '3xx' | '4xx' | '5xx', number>
  timeouts: number
  /** Refused, reset, closed before the answer was complete, or not HTTP. */
  connectionErrors: number
  /** Never sent: no connection came free before their timeout. */
  missedSends: number
  /** Of requests that succeeded, timed out or were never sent. Without the last two it would flatter the service. */
  latency: LatencyFigures
  /** Of refusals and lost connections. Apart, because failing fast is not being fast. */
  errorLatency: LatencyFigures
}

/** The progress of a running load, four times a second. */
export interface LoadLive {
  atSeconds: number
  inFlight: number
  /** Requests that are due but have no connection yet. */
  waiting: number
  lastSecond: {
    sentPerSecond: number
    answeredPerSecond: number
    failedPerSecond: number
    latency: LatencyFigures
  }
  total: LoadFigures
}

/** Whether the load was what was asked for, or the generator itself was the bottleneck. */
export interface GeneratorReport {
  keptPace: boolean
  /** For people, in a sentence or two. */
  text: string
  missedSends: number
  /**
   * Requests taken up more than 10 ms after they were due because the generator was busy or stopped. A wait for a
   * connection does not count here.
   */
  lateSends: number
  /** How late requests were taken up. */
  lateness: LatencyFigures
  /** Requests that found no free connection when they were due. */
  waitedForConnection: number
  /** Of the lab's own container during the load; `null` = not measured. */
  throttledShare: number | null
  throttledSeconds: number | null
}

/** Of requests that were sent, measured from then on: without their wait in the generator. */
export interface TurnFigures {
  inTurn: number
  /**
   * While such a request waited, more than twice as many others ended as were ever in flight at one time. A request
   * that timed out before that is in neither count.
   */
  overtaken: number
  /** Of requests that succeeded or timed out. */
  latency: LatencyFigures
}

/** Where the time went, and whether the server served requests in the order in which they came. */
export interface ConnectionReport {
  /**
   * `false`: new connections waited while open ones were served again and again. `null`: there were too few requests of
   * either kind.
   */
  inTurn: boolean | null
  /** For people, in a sentence or two. Empty if `inTurn` is `null`. */
  text: string
  /** How long requests that were sent had waited for a free connection since they were due. */
  wait: LatencyFigures
  /** Until the server's kernel accepted a new connection. Its process may accept it later. */
  connect: LatencyFigures
  /** Requests that were the first on their connection. Their latency includes connecting. */
  first: TurnFigures
  /** All others. */
  later: TurnFigures
}

export interface LoadSummary {
  /** Until the last request had ended. */
  seconds: number
  total: LoadFigures
  /** One for each rate. */
  steps: Array<{ ratePerSecond: number } & LoadFigures>
  connections: ConnectionReport
  generator: GeneratorReport
}

export type LoadState = 'running' | 'finished' | 'cancelled' | 'failed'

/** GET /api/loads/{id}, and the stream's event `load`. */
export interface LoadView {
  id: string
  state: LoadState
  spec: LoadSpec
  startedAt: string
  /** On the clock of `Sample.uptimeSeconds`. */
  startedUptimeSeconds: number
  finishedAt: string | null
  /** The newest figures of a running load. */
  live: LoadLive | null
  /** A cancelled load has one too: what was measured until then. */
  summary: LoadSummary | null
  /** Why it failed. */
  error: string | null
}
