/** What the lab tells about loads: the JSON of /api/loads, and the stream's event `load`. */

/** What a load consists of: the body of POST /api/loads, with what was left out filled in. */
export interface LoadSpec {
  service: 'api' | 'worker'
  method: 'GET' | 'POST'
  /** Begins with `/`. */
  path: string
  /** Sent as JSON; only with POST. */
  body?: unknown
  /**
   * Open loop: requests that are due a second. Several rates follow each other, each for an equal part of the duration.
   */
  ratesPerSecond: number[]
  durationSeconds: number
  /** At most so many at a time; a request that finds none free waits, and its latency goes on. */
  connections: number
  /** From when a request was due. */
  timeoutSeconds: number
}

/** All from when a request was due, whether or not it could be sent then; `null` where there is nothing to tell. */
export interface LatencyFigures {
  count: number
  meanMs: number | null
  p50Ms: number | null
  p90Ms: number | null
  p99Ms: number | null
  maxMs: number | null
}

/**
 * What became of the requests that were due. due = succeeded + failed, and while it runs those that wait or are in
 * flight.
 */
export interface LoadFigures {
  due: number
  /** Given to a connection. */
  sent: number
  /** Answered with a status below 400. */
  succeeded: number
  /** Answered with 400 or above, timed out, lost with their connection, or never sent. */
  failed: number
  statuses: Record<'2xx' | '3xx' | '4xx' | '5xx', number>
  timeouts: number
  /** Refused, reset, closed before the answer was complete, or not HTTP. */
  connectionErrors: number
  /** Never sent: no connection came free before their timeout. */
  missedSends: number
  /** Of those that succeeded, timed out or were never sent: to leave the last two out would flatter. */
  latency: LatencyFigures
  /** Of refusals and lost connections. Apart, because failing fast is not being fast. */
  errorLatency: LatencyFigures
}

/** How a running load goes, four times a second. */
export interface LoadLive {
  atSeconds: number
  inFlight: number
  /** Due, but without a free connection. */
  waiting: number
  lastSecond: { sentPerSecond: number, answeredPerSecond: number, failedPerSecond: number, latency: LatencyFigures }
  total: LoadFigures
}

/** Whether the load was what was asked for, or the generator itself was the bottleneck. */
export interface GeneratorReport {
  keptPace: boolean
  /** For people, in a sentence or two. */
  text: string
  missedSends: number
  /**
   * Taken up more than 10 ms after they were due, because the generator was busy or stopped; not because no connection
   * was free.
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

/** Of requests that were sent, from then on: without what they waited in the generator before. */
export interface TurnFigures {
  inTurn: number
  /**
   * While it waited, more than twice as many others ended as there ever were on their way at a time. One that timed out
   * before that is in neither count.
   */
  overtaken: number
  /** Of those that succeeded or timed out. */
  latency: LatencyFigures
}

/** Where the time went, and whether the server served requests as they came. */
export interface ConnectionReport {
  /**
   * `false`: new connections waited while open ones were served again and again. `null`: there were too few of either
   * to tell.
   */
  inTurn: boolean | null
  /** For people, in a sentence or two; empty where it cannot be told. */
  text: string
  /** Since they were due, until a connection was free for them; of those that were sent. */
  wait: LatencyFigures
  /** Until the server's kernel had taken a new connection; its process may not have accepted it yet. */
  connect: LatencyFigures
  /** Requests that were the first on their connection; connecting is in their latency. */
  first: TurnFigures
  /** All others. */
  later: TurnFigures
}

export interface LoadSummary {
  /** Until the last request had its outcome. */
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
  /** The newest of a running load. */
  live: LoadLive | null
  /** Also of a cancelled load: what was measured until then. */
  summary: LoadSummary | null
  /** Why it failed. */
  error: string | null
}
