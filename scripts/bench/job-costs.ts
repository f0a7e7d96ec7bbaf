import autocannon from 'autocannon'
import { median, type Figure } from './figures.ts'
import type { Job, Stack } from './stack.ts'

const CONNECTIONS = 10
const SECONDS = 10
const NOOPS = 2000
const CPU_MS = 1000

/**
 * How many jobs the API accepts at half a CPU. Each is committed before the answer. A closed loop measures capacity.
 */
export async function postFigures (stack: Stack): Promise<Figure[]> {
  const result = await autocannon({
    url: `${stack.url}/jobs`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"kind":"noop"}',
    connections: CONNECTIONS,
    duration: SECONDS
  })
  if (result.non2xx + result.errors > 0) throw new Error(`POST /jobs: ${result.non2xx} refused, ${result.errors} errors`)
  await stack.idle()
  const note = `${CONNECTIONS} connections, ${SECONDS} s`
  return [
    { what: 'POST /jobs', value: result.requests.average, unit: 'requests/s', note },
    { what: 'POST /jobs p50', value: result.latency.p50, unit: 'ms', note },
    { what: 'POST /jobs p99', value: result.latency.p99, unit: 'ms', note }
  ]
}

/** From the acceptance of the first job to the record of the last one. */
export async function noopFigures (stack: Stack): Promise<Figure[]> {
  const first = await stack.post({ kind: 'noop' })
  await autocannon({
    url: `${stack.url}/jobs`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"kind":"noop"}',
    connections: CONNECTIONS,
    amount: NOOPS - 1
  })
  await stack.idle()
  const { jobs } = await stack.get('/jobs?limit=1') as { jobs: Job[] }
  const seconds = (Date.parse(jobs[0]!.finishedAt!) - Date.parse(first.createdAt)) / 1000
  return [
    {
      what: 'noop jobs end to end',
      value: NOOPS / seconds,
      unit: 'jobs/s',
      note: `${NOOPS} jobs, worker concurrency 1`
    }
  ]
}

/** What a job that burns a second of CPU costs beyond that second. The first one also starts the job's process. */
export async function cpuFigures (stack: Stack): Promise<Figure[]> {
  const overheads: number[] = []
  for (let i = 0; i < 6; i++) {
    const { id } = await stack.post({ kind: 'cpu', params: { ms: CPU_MS } })
    const { usage } = await stack.finished(id)
    overheads.push(usage.cpuSeconds * 1000 - CPU_MS)
  }
  return [
    { what: 'cpu job of 1 s, overhead, first', value: overheads[0]!, unit: 'ms CPU', note: 'starts the process of jobs' },
    { what: 'cpu job of 1 s, overhead, later', value: median(overheads.slice(1)), unit: 'ms CPU', note: 'median of 5' }
  ]
}
