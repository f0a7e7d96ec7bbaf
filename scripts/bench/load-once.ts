// One load on a URL, by the lab's generator or by autocannon, in the container in which this runs. Prints JSON.
//   node load-once.js ours http://127.0.0.1:8000 <connections> <seconds> <requests per second>
import autocannon from 'autocannon'
import { ownCgroup } from '#cgroup/locate.ts'
import { Loads } from '#lab/load/loads.ts'

const [, , generator, url, connections, seconds, rate] = process.argv as [
  string, string, string, string, string, string, string
]

async function ours () {
  const own = ownCgroup()
  const thread = new URL('../lab/load/thread.js', import.meta.url)
  const loads = new Loads({ thread, urlOf: () => url, attached: null, readOwn: () => own.read(), onChange: () => {} })
  const summary = await loads.run({
    service: 'api',
    method: 'GET',
    path: '/',
    ratesPerSecond: [Number(rate)],
    durationSeconds: Number(seconds),
    connections: Number(connections),
    timeoutSeconds: 600
  }, new AbortController().signal)
  const { succeeded, failed, latency } = summary.total
  return {
    requests: succeeded,
    perSecond: succeeded / summary.seconds,
    failed,
    p50Ms: latency.p50Ms!,
    p99Ms: latency.p99Ms!,
    generator: summary.generator.text
  }
}

async function theirs () {
  const { requests, latency, non2xx, errors, duration } = await autocannon({
    url, connections: Number(connections), duration: Number(seconds)
  })
  return {
    requests: requests.total,
    perSecond: requests.total / duration,
    failed: non2xx + errors,
    p50Ms: latency.p50,
    p99Ms: latency.p99
  }
}

const before = process.cpuUsage()
const result = await (generator === 'ours' ? ours() : theirs())
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ ...result, cpuUsPerRequest: (user + system) / result.requests }))
