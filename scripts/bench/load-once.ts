// One load on a URL, by the lab's generator or by autocannon, in whatever container this runs. Prints JSON.
//   node load-once.js ours http://127.0.0.1:8000 <connections> <seconds> <requests per second>
import autocannon from 'autocannon'
import { ownCgroup } from '#cgroup/locate.ts'
import { Loads } from '#lab/load/loads.ts'

const [, , who, url, connections, seconds, rate] = process.argv as [string, string, string, string, string, string, string]

async function ours () {
  const own = ownCgroup()
  const loads = new Loads({
    thread: new URL('../lab/load/thread.js', import.meta.url), urls: { api: url, worker: url }, readOwn: () => own.read(), onChange: () => {}
  })
  const { total, seconds: took, generator } = await loads.run({
    service: 'api', method: 'GET', path: '/', ratesPerSecond: [Number(rate)], durationSeconds: Number(seconds), connections: Number(connections), timeoutSeconds: 600
  }, new AbortController().signal)
  return { requests: total.succeeded, perSecond: total.succeeded / took, failed: total.failed, p50Ms: total.latency.p50Ms!, p99Ms: total.latency.p99Ms!, generator: generator.text }
}

async function theirs () {
  const { requests, latency, non2xx, errors, duration } = await autocannon({ url, connections: Number(connections), duration: Number(seconds) })
  return { requests: requests.total, perSecond: requests.total / duration, failed: non2xx + errors, p50Ms: latency.p50, p99Ms: latency.p99 }
}

const before = process.cpuUsage()
const result = await (who === 'ours' ? ours() : theirs())
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ ...result, cpuUsPerRequest: (user + system) / result.requests }))
