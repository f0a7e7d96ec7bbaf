// npm run bench -- overload [another node]: which requests wait when a server gets more than its half a CPU can serve.
// Needs root, for a cgroup, but no engine.
import { once } from 'node:events'
import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import autocannon from 'autocannon'
import { formatMs, formatShare, NOTHING, plain } from '#lab/format.ts'
import { Loads } from '#lab/load/loads.ts'
import type { LoadSummary } from '#lab/wire/load.ts'
import { median } from './figures.ts'
import { HalfACpu } from './half-a-cpu.ts'

const RATE = 100
const SECONDS = 20
const CONNECTIONS = 100
const ROUNDS = 3
const PROBE_EVERY_MS = 2000
/** How long until the server works on its first request. */
const BEGIN_MS = 20
const node = process.argv[2] ?? process.execPath

/**
 * Milliseconds, except `overtaken`, which is a share of the first requests on a connection. `first` and `later` count
 * from when a request was sent.
 */
const columns = [
  'p50', 'p99', 'max', 'first p50', 'first max', 'later p50', 'later max', 'overtaken', 'probe max'
] as const
type Row = Partial<Record<typeof columns[number], number | null>>

const cases: Array<[string, 'node' | 'line' | 'close', (url: string) => Promise<Row>]> = [
  ['open loop, node:http', 'node', openLoop],
  ['open loop, each on a new connection', 'close', openLoop],
  ['open loop, one line', 'line', openLoop],
  ['closed loop, node:http', 'node', closedLoop],
  ['closed loop, one line', 'line', closedLoop]
]

/** A load by the lab's generator, with probes beside it. */
async function openLoop (url: string): Promise<Row> {
  const thread = new URL('../lab/load/thread.js', import.meta.url)
  const loads = new Loads({ thread, urlOf: () => url, attached: null, readOwn: () => null, onChange: () => {} })
  const probing = new AbortController()
  const probes = probe(`${url}/probe`, probing.signal)
  const summary = await loads.run({
    service: 'api',
    method: 'GET',
    path: '/',
    ratesPerSecond: [RATE],
    durationSeconds: SECONDS,
    connections: CONNECTIONS,
    timeoutSeconds: 60
  }, new AbortController().signal)
  probing.abort()
  return { ...rowOf(summary), 'probe max': Math.max(...await probes) }
}

function rowOf ({ total: { latency }, connections: { first, later } }: LoadSummary): Row {
  return {
    p50: latency.p50Ms,
    p99: latency.p99Ms,
    max: latency.maxMs,
    'first p50': first.latency.p50Ms,
    'first max': first.latency.maxMs,
    'later p50': later.latency.p50Ms,
    'later max': later.latency.maxMs,
    overtaken: first.overtaken / (first.overtaken + first.inTurn)
  }
}

/**
 * A load by autocannon: each connection waits for its answer before it asks again. Requests without an answer at the
 * end are not in its figures. It begins while the server is busy: an idle server may accept all connections before the
 * first request arrives, and then no connection starves.
 */
async function closedLoop (url: string): Promise<Row> {
  get(`${url}/busy`, res => res.resume())
  await delay(BEGIN_MS)
  const { latency } = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, timeout: 60 })
  return { p50: latency.p50, p99: latency.p99, max: latency.max }
}

/** Asks as a health check does: on a new connection each time, for hardly any work. */
async function probe (url: string, signal: AbortSignal): Promise<number[]> {
  const probes: Array<Promise<number>> = []
  while (!signal.aborted) {
    const sentMs = performance.now()
    probes.push(once(get(url, { agent: false }), 'response').then(([res]) => {
      res.resume()
      return performance.now() - sentMs
    }))
    await delay(PROBE_EVERY_MS, undefined, { signal }).catch(() => {})
  }
  return Promise.all(probes)
}

async function serve (half: HalfACpu, kind: string, load: (url: string) => Promise<Row>): Promise<Row> {
  const server = new URL('overload-server.js', import.meta.url).pathname
  const { child, firstLine: port } = await half.start(node, server, kind)
  try {
    return await load(`http://127.0.0.1:${port}`)
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

const half = new HalfACpu()
const rounds: Row[][] = []
try {
  while (rounds.length < ROUNDS) {
    const rows: Row[] = []
    for (const [what, kind, load] of cases) {
      console.error(`round ${rounds.length + 1} of ${ROUNDS}: ${what}`)
      rows.push(await serve(half, kind, load))
    }
    rounds.push(rows)
  }
} finally {
  half.remove()
}

console.log(`${RATE} requests/s of 5 ms CPU work for ${SECONDS} s, or ${CONNECTIONS} connections in a closed loop, ` +
  `in half a CPU; medians of ${ROUNDS} rounds:\n`)
console.log(`| | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}`)
for (const [i, [what]] of cases.entries()) {
  const cells = columns.map(column => cell(column, rounds.map(rows => rows[i]![column])))
  console.log(`| ${what} | ${cells.join(' | ')} |`)
}
console.log('\n' + JSON.stringify({ rate: RATE, seconds: SECONDS, connections: CONNECTIONS, node, rounds }))

function cell (column: keyof Row, values: Array<number | null | undefined>): string {
  const known = values.filter(value => value != null)
  if (known.length === 0) return NOTHING
  const middle = median(known)
  return plain(column === 'overtaken' ? formatShare(middle) : formatMs(middle))
}
