import type { ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import { NotMeasured, type Stage } from './stage.ts'

const CONNECTIONS = 64
/** Longer than any backlog an experiment makes: who gives up is not measured to the end. */
const TIMEOUT_SECONDS = 30
const WARM_UP_REQUESTS = 20
const COUNTED_REQUESTS = 60
const READING_MS = 10_000

/** Open loop, the rates one after the other, until all is answered. */
export async function loadApi (stage: Stage, path: string, ratesPerSecond: number[], durationSeconds: number): Promise<ApiLoad> {
  const from = stage.seconds()
  const summary = await stage.load(
    { service: 'api', method: 'GET', path, ratesPerSecond, durationSeconds, connections: CONNECTIONS, timeoutSeconds: TIMEOUT_SECONDS })
  return { path, ratesPerSecond, window: [from, stage.seconds()], summary }
}

/**
 * How much CPU time the API takes for one request, in ms, as its cgroup counts it. Asked one after the other: that is
 * never too much, however slow the machine. @throws NotMeasured
 */
export async function cpuMsPerRequest (stage: Stage, path: string): Promise<number> {
  await askTimes(stage, path, WARM_UP_REQUESTS)
  const from = await nextReading(stage)
  await askTimes(stage, path, COUNTED_REQUESTS)
  const to = await nextReading(stage)
  const us = stage.evidence().of('api').rise('cpuUsageUs', [from, to])
  if (us === null || us === 0) throw new NotMeasured('the CPU time of the API cannot be read')
  return us / 1000 / COUNTED_REQUESTS
}

/** Of the p99 of each rate the middle one: a moment in which the machine was away is in one of them only. */
export function medianP99Ms ({ summary }: ApiLoad): number | null {
  return median(summary.steps.map(({ latency }) => latency.p99Ms))
}

/** `null` where one was not measured. */
export function median (values: Array<number | null>): number | null {
  const sorted = values.filter(value => value !== null).sort((a, b) => a - b)
  if (sorted.length < values.length || sorted.length === 0) return null
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

async function askTimes (stage: Stage, path: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await stage.json('api', path)
}

/** Waits for it; when it was. */
async function nextReading (stage: Stage): Promise<number> {
  const now = stage.seconds()
  const last = (): number => stage.lastReadSeconds('api') ?? 0
  await stage.until(() => last() > now, 'a reading of the API', READING_MS)
  return last()
}
