// npm run bench -- load: how many requests the load generator can send inside half a CPU, beside autocannon in the same
// half, and how much it adds to the latency at a modest rate. Each runs in a container, in turn, against one server.
import { resolve } from 'node:path'
import { median, printTable } from './figures.ts'
import { docker } from './stack.ts'

const IMAGE = 'node:24-trixie-slim'
const CPUS = '0.5'
const PORT = 8000
const CONNECTIONS = 10
const SECONDS = 10
const ROUNDS = 5
/** More than half a CPU can send, so that every connection is always busy, as in a closed loop. */
const TOO_MANY = 50_000
const MODEST = 500

interface Once {
  perSecond: number
  cpuUsPerRequest: number
  failed: number
  p50Ms: number
  p99Ms: number
  generator?: string
}

const project = ['--volume', `${resolve('.')}:/project:ro`, '--workdir', '/project']
const server = await docker(
  'run',
  '--detach',
  '--rm',
  ...project,
  IMAGE,
  'node',
  'dist/bench/load-stub.js',
  String(PORT)
)

async function once (generator: 'ours' | 'autocannon', rate: number): Promise<Once> {
  const limits = ['--cpus', CPUS, '--memory', '256m', '--memory-swap', '256m']
  const args = [generator, `http://127.0.0.1:${PORT}`, CONNECTIONS, SECONDS, rate].map(String)
  const command = ['node', 'dist/bench/load-once.js', ...args]
  const output = await docker(
    'run',
    '--rm',
    '--network',
    `container:${server}`,
    ...limits,
    ...project,
    IMAGE,
    ...command
  )
  const result = JSON.parse(output) as Once
  if (result.failed > 0) throw new Error(`${generator}: ${result.failed} requests failed`)
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

/** Each run beside its neighbour, so that other work of the host affects both. */
function ratio (value: (once: Once) => number): { value: number, unit: string, note: string } {
  const ratios = runs.ours.map((ours, round) => value(ours) / value(runs.autocannon[round]!))
  const range = `from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  return { value: median(ratios), unit: 'times', note: `median of ${ROUNDS}, ${range}` }
}

const note = `${CONNECTIONS} connections, ${CPUS} CPU, median of ${ROUNDS} runs of ${SECONDS} s`
const fromDue = 'from when a request was due; the server answers at once'
const medianOf = (all: Once[], value: (once: Once) => number): number => median(all.map(value))
printTable([
  { what: 'generator, at most', value: medianOf(runs.ours, ({ perSecond }) => perSecond), unit: 'requests/s', note },
  { what: 'autocannon', value: medianOf(runs.autocannon, ({ perSecond }) => perSecond), unit: 'requests/s', note },
  { what: 'generator to autocannon, requests/s', ...ratio(({ perSecond }) => perSecond) },
  { what: 'generator to autocannon, CPU for a request', ...ratio(({ cpuUsPerRequest }) => cpuUsPerRequest) },
  { what: `generator at ${MODEST}/s, p50`, value: medianOf(runs.modest, ({ p50Ms }) => p50Ms), unit: 'ms', note: fromDue },
  { what: `generator at ${MODEST}/s, p99`, value: medianOf(runs.modest, ({ p99Ms }) => p99Ms), unit: 'ms' }
])
console.log(runs.modest.at(-1)!.generator)
console.log(JSON.stringify({ cpus: CPUS, connections: CONNECTIONS, runs }))
