import type { ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import type { LatencyFigures, LoadFigures } from '#lab/wire/load.ts'
import { connectionsOf } from './load-figures.ts'

interface Given {
  p99Ms?: number | null
  stepsP99Ms?: Array<number | null>
  latenessMs?: number | null
  keptPace?: boolean
  missedSends?: number
}

/** A load as it may have gone. */
export function apiLoad ({
  p99Ms = 20,
  stepsP99Ms = [p99Ms],
  latenessMs = 1,
  keptPace = true,
  missedSends = 0
}: Given = {}): ApiLoad {
  const steps = stepsP99Ms.map(p99Ms => ({ ratePerSecond: 10, ...figuresOf(p99Ms) }))
  const generator = {
    keptPace,
    text: '',
    missedSends,
    lateSends: 0,
    lateness: latencyOf(latenessMs),
    waitedForConnection: 0,
    throttledShare: 0,
    throttledSeconds: 0
  }
  return {
    path: '/',
    ratesPerSecond: steps.map(() => 10),
    window: [1, 2],
    summary: { seconds: 1, total: figuresOf(p99Ms), steps, connections: connectionsOf(), generator }
  }
}

function figuresOf (p99Ms: number | null): LoadFigures {
  const statuses = { '2xx': 10, '3xx': 0, '4xx': 0, '5xx': 0 }
  return {
    due: 10,
    sent: 10,
    succeeded: 10,
    succeededWithinSecond: 10,
    failed: 0,
    statuses,
    timeouts: 0,
    connectionErrors: 0,
    missedSends: 0,
    latency: latencyOf(p99Ms),
    errorLatency: latencyOf(null)
  }
}

function latencyOf (ms: number | null): LatencyFigures {
  return { count: ms === null ? 0 : 10, meanMs: ms, p50Ms: ms, p90Ms: ms, p99Ms: ms, maxMs: ms }
}
