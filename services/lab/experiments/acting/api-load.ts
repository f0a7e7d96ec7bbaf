import type { ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import { NotMeasured, type Stage } from './stage.ts'

const CONNECTIONS = 64
/** Longer than any backlog that an experiment makes: a request that times out has no latency. */
const TIMEOUT_SECONDS = 30
const WARM_UP_REQUESTS = 20
const COUNTED_REQUESTS = 60
const READING_MS = 10_000

/** Loads the API in an open loop, one rate after the other, until every request has its outcome. */
export async function loadApi (
  stage: Stage, path: string, ratesPerSecond: number[], durationSeconds: number
): Promise<ApiLoad> {
  const from = stage.seconds()
  const rest = { connections: CONNECTIONS, timeoutSeconds: TIMEOUT_SECONDS }
  const summary = await stage.load({ service: 'api', method: 'GET', path, ratesPerSecond, durationSeconds, ...rest })
  return { path, ratesPerSecond, window: [from, stage.seconds()], summary }
}

/**
 * The CPU time of the API for one request in ms, as its cgroup counts it. The requests are sent one after the other,
 * which is never too much, however slow the machine. @throws NotMeasured
 */
export async function cpuMsPerRequest (stage: Stage, path: string): Promise<number> {
  await askInTurn(stage, path, WARM_UP_REQUESTS)
  const from = await nextReading(stage, 'api')
  await askInTurn(stage, path, COUNTED_REQUESTS)
  const to = await nextReading(stage, 'api')
  const us = stage.evidence().of('api').rise('cpuUsageUs', [from, to])
  if (us === null || us === 0) throw new NotMeasured('the CPU time of the API cannot be read')
  return us / 1000 / COUNTED_REQUESTS
}

/** The median of the p99 of all rates: a moment in which the machine stood still spoils only one of them. */
export function medianP99Ms ({ summary }: ApiLoad): number | null {
  return median(summary.steps.map(({ latency }) => latency.p99Ms))
}

/** `null` where any value was not measured. */
export function median (values: Array<number | null>): number | null {
  const sorted = values.filter(value => value !== null).sort((a, b) => a - b)
  if (sorted.length < values.length || sorted.length === 0) return null
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

async function askInTurn (stage: Stage, path: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await stage.json('api', path)
}

/** Waits for the next reading of a service, and returns when it was taken. */
export async function nextReading (stage: Stage, service: 'api' | 'worker'): Promise<number> {
  const now = stage.seconds()
  const last = (): number => stage.lastReadSeconds(service) ?? 0
  await stage.until(() => last() > now, `a reading of the ${service}`, READING_MS)
  return last()
}
