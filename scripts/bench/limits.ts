// npm run bench -- limits: the same load on the API at three CPU limits, and what the kernel says about each. It
// prints the README's table. The load is the lab's own (POST /api/loads), the same that `lab load` starts.
import { setTimeout as delay } from 'node:timers/promises'
import { askLab } from '#lab/cli/ask.ts'
import { formatMs, formatShare, plain } from '#lab/format.ts'
import type { LoadSpec, LoadSummary, LoadView } from '#lab/wire/load.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { Stack } from './stack.ts'

const RATE = 100
const WORK_MS = 5
const SECONDS = 20
const POLL_MS = 500
const PERIODS = 'container_cpu_cfs_periods_total'
const THROTTLED = 'container_cpu_cfs_throttled_periods_total'

/** Connections and timeout are the most that the lab allows: only the API's limit should make requests wait. */
const request: Partial<LoadSpec> = {
  service: 'api',
  path: `/work/cpu?ms=${WORK_MS}`,
  ratesPerSecond: [RATE],
  durationSeconds: SECONDS,
  connections: 500,
  timeoutSeconds: 60
}

interface Row { cpus: string, summary: LoadSummary, throttledShare: number }

process.env.LAB_PORT = String(await freePort())
const loads = `http://127.0.0.1:${process.env.LAB_PORT}/api/loads`
const stack = new Stack(await freePort())

async function measure (cpus: string): Promise<Row> {
  process.env.API_CPUS = cpus
  await stack.compose('up', '--wait')
  const before = await stack.metrics('api')
  const summary = await load()
  const after = await stack.metrics('api')
  const rise = (name: string): number => after.get(name)! - before.get(name)!
  console.error(`API_CPUS=${cpus}: ${summary.generator.text}`)
  return { cpus, summary, throttledShare: rise(THROTTLED) / rise(PERIODS) }
}

/** Starts the load and waits for its end. @throws unless every request succeeded */
async function load (): Promise<LoadSummary> {
  let view = await askLab<LoadView>(loads, { method: 'POST', body: request })
  while (view.state === 'running') {
    await delay(POLL_MS)
    view = await askLab<LoadView>(`${loads}/${view.id}`)
  }
  const { state, summary, error } = view
  if (state !== 'finished' || summary === null) throw new Error(`the load ${state}: ${error ?? 'without a summary'}`)
  if (summary.total.failed > 0) throw new Error(`${summary.total.failed} of ${summary.total.due} requests failed`)
  return summary
}

function line ({ cpus, summary: { total }, throttledShare }: Row): string {
  const { p50Ms, p99Ms } = total.latency
  const inTime = formatShare(total.succeededWithinSecond / total.due)
  return plain(`| ${cpus} | ${formatMs(p50Ms)} | ${formatMs(p99Ms)} | ${inTime} | ${formatShare(throttledShare)} |`)
}

const rows: Row[] = []
try {
  await stack.compose('build')
  for (const cpus of ['2.00', '1.00', '0.50']) rows.push(await measure(cpus))
} finally {
  await stack.down()
}

console.log(`${RATE} requests/s of ${WORK_MS} ms CPU work for ${SECONDS} s:\n`)
console.log('| API_CPUS | p50 | p99 | answered within a second | periods throttled |\n|---|---|---|---|---|')
for (const row of rows) console.log(line(row))
console.log('\n' + JSON.stringify({ request, rows }))
