// npm run bench:load: what the load generator can do inside half a CPU, beside autocannon in the same half: as many
// requests as it can, and at a modest rate how much it adds to the latency. Both in a container, in turn, against the
// same server.
import { resolve } from 'node:path'
import { median, printTable } from './figures.ts'
import { docker } from './stack.ts'

const IMAGE = 'node:24-trixie-slim'
const CPUS = '0.5'
const PORT = 8000
const CONNECTIONS = 10
const SECONDS = 10
const ROUNDS = 5
/** More than half a CPU can send, so that every connection is busy all the time, as with a closed loop. */
const TOO_MANY = 50_000
const MODEST = 500

interface Once { perSecond: number, cpuUsPerRequest: number, failed: number, p50Ms: number, p99Ms: number, generator?: string }

const project = ['--volume', `${resolve('.')}:/project:ro`, '--workdir', '/project']
const server = await docker('run', '--detach', '--rm', ...project, IMAGE, 'node', 'dist/bench/load-stub.js', String(PORT))

async function once (who: 'ours' | 'autocannon', rate: number): Promise<Once> {
  const limits = ['--cpus', CPUS, '--memory', '256m', '--memory-swap', '256m']
  const args = [who, `http://127.0.0.1:${PORT}`, CONNECTIONS, SECONDS, rate].map(String)
  const result = JSON.parse(await docker('run', '--rm', '--network', `container:${server}`, ...limits, ...project, IMAGE, 'node', 'dist/bench/load-once.js', ...args)) as Once
  if (result.failed > 0) throw new Error(`${who}: ${result.failed} requests failed`)
  return result
}

const runs: Record<'ours' | 'autocannon' | 'modest', Once[]> = { ours: [], autocannon: [], modest: [] }
try {
  for (let round = 0; round < ROUNDS; round++) {
    const [ours, autocannon] = [await once('ours', TOO_MANY), await once('autocannon', TOO_MANY)]
    runs.ours.push(ours)
    runs.autocannon.push(autocannon)
    runs.modest.push(await once('ours', MODEST))
    console.error(`round ${round + 1} of ${ROUNDS}: ${ours.perSecond.toFixed(0)} and ${autocannon.perSecond.toFixed(0)} requests/s`)
  }
} finally {
  await docker('rm', '--force', server)
}

/** Each run beside its neighbour, so that what else the host does meets both. */
function ratio (value: (once: Once) => number): { value: number, unit: string, note: string } {
  const ratios = runs.ours.map((ours, round) => value(ours) / value(runs.autocannon[round]!))
  return { value: median(ratios), unit: 'times', note: `median of ${ROUNDS}, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}` }
}

const note = `${CONNECTIONS} connections, ${CPUS} CPU, median of ${ROUNDS} runs of ${SECONDS} s`
printTable([
  { what: 'generator, as many as it can', value: median(runs.ours.map(({ perSecond }) => perSecond)), unit: 'requests/s', note },
  { what: 'autocannon', value: median(runs.autocannon.map(({ perSecond }) => perSecond)), unit: 'requests/s', note },
  { what: 'generator of autocannon, requests/s', ...ratio(({ perSecond }) => perSecond) },
  { what: 'generator of autocannon, CPU for a request', ...ratio(({ cpuUsPerRequest }) => cpuUsPerRequest) },
  { what: `generator at ${MODEST}/s, p50`, value: median(runs.modest.map(({ p50Ms }) => p50Ms)), unit: 'ms', note: 'from when a request was due; the server answers at once' },
  { what: `generator at ${MODEST}/s, p99`, value: median(runs.modest.map(({ p99Ms }) => p99Ms)), unit: 'ms' }
])
console.log(runs.modest.at(-1)!.generator)
console.log(JSON.stringify({ cpus: CPUS, connections: CONNECTIONS, runs }))
