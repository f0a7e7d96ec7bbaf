// npm run bench:limits: the same load on the API at three CPU limits, and what the kernel says about each. The README's
// table.
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { Stack } from './stack.ts'

const RATE = 100
const WORK_MS = 5
const SECONDS = 20
const PERIODS = 'container_cpu_cfs_periods_total'
const THROTTLED = 'container_cpu_cfs_throttled_periods_total'

interface Row { cpus: string, p50Ms: number, p99Ms: number, answeredInASecond: number, throttledShare: number }

const stack = new Stack(await freePort())

async function measure (cpus: string): Promise<Row> {
  process.env.API_CPUS = cpus
  await stack.compose('up', '--wait')
  const before = await stack.metrics('api')
  const latencies = await load()
  const after = await stack.metrics('api')
  const rise = (name: string): number => after.get(name)! - before.get(name)!
  return {
    cpus,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)]!,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)]!,
    answeredInASecond: latencies.filter(ms => ms <= 1000).length / latencies.length,
    throttledShare: rise(THROTTLED) / rise(PERIODS)
  }
}

/**
 * Open loop: a request is sent when it is due, whether or not the ones before it have been answered, and its latency
 * counts from then. A loop that waits for answers would send less the slower they come, and hide what this is about.
 */
async function load (): Promise<number[]> {
  const startedAt = performance.now()
  const answers: Array<Promise<number>> = []
  for (let i = 0; i < RATE * SECONDS; i++) {
    const dueAt = startedAt + i * 1000 / RATE
    await delay(Math.max(0, dueAt - performance.now()))
    answers.push(fetch(`${stack.url}/work/cpu?ms=${WORK_MS}`).then(res => res.arrayBuffer()).then(() => performance.now() - dueAt))
  }
  return (await Promise.all(answers)).sort((a, b) => a - b)
}

const rows: Row[] = []
try {
  await stack.compose('build')
  for (const cpus of ['2.00', '1.00', '0.50']) rows.push(await measure(cpus))
} finally {
  await stack.down()
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`
console.log(`${RATE} requests/s of ${WORK_MS} ms CPU work for ${SECONDS} s:\n`)
console.log('| API_CPUS | p50 | p99 | answered within a second | periods throttled |\n|---|---|---|---|---|')
for (const { cpus, p50Ms, p99Ms, answeredInASecond, throttledShare } of rows) {
  console.log(`| ${cpus} | ${p50Ms.toFixed(0)} ms | ${p99Ms.toFixed(0)} ms | ${percent(answeredInASecond)} | ${percent(throttledShare)} |`)
}
console.log('\n' + JSON.stringify({ rate: RATE, workMs: WORK_MS, seconds: SECONDS, rows }))
