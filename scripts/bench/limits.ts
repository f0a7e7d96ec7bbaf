// npm run bench:limits: the same load on the API at three CPU limits, and what the kernel says about each. The README's table.
import autocannon from 'autocannon'
import { config } from 'dotenv'
import { freePort, Stack } from './stack.ts'

const RATE = 100
const WORK_MS = 5
const SECONDS = 20
const PERIODS = 'container_cpu_cfs_periods_total'
const THROTTLED = 'container_cpu_cfs_throttled_periods_total'

interface Row { cpus: string, answeredPerSecond: number, p50Ms: number, p99Ms: number, throttledShare: number }

config({ quiet: true })
const stack = new Stack(await freePort())

async function measure (cpus: string): Promise<Row> {
  process.env.API_CPUS = cpus
  await stack.compose('up', '--wait')
  const before = await stack.metrics('api')
  const result = await autocannon({
    url: `${stack.url}/work/cpu?ms=${WORK_MS}`,
    // Latency is corrected for requests that were sent late because earlier ones had not been answered.
    overallRate: RATE,
    connections: 50,
    duration: SECONDS,
    timeout: 60
  })
  const after = await stack.metrics('api')
  const rise = (name: string): number => after.get(name)! - before.get(name)!
  return { cpus, answeredPerSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99, throttledShare: rise(THROTTLED) / rise(PERIODS) }
}

const rows: Row[] = []
try {
  await stack.compose('build')
  for (const cpus of ['2.00', '1.00', '0.50']) rows.push(await measure(cpus))
} finally {
  await stack.down()
}

console.log(`${RATE} requests/s of ${WORK_MS} ms CPU work for ${SECONDS} s:\n`)
console.log('| API_CPUS | answered/s | p50 | p99 | periods throttled |\n|---|---|---|---|---|')
for (const { cpus, answeredPerSecond, p50Ms, p99Ms, throttledShare } of rows) {
  console.log(`| ${cpus} | ${answeredPerSecond.toFixed(0)} | ${p50Ms} ms | ${p99Ms} ms | ${(throttledShare * 100).toFixed(0)} % |`)
}
console.log('\n' + JSON.stringify({ rate: RATE, workMs: WORK_MS, seconds: SECONDS, rows }))
