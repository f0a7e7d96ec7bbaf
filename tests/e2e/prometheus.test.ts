import { spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { until } from '#support/until.ts'
import { accept, api } from './support/api.ts'
import { limits, MIB } from './support/limits.ts'
import { metricsText } from './support/metrics.ts'
import { containerHighMemoryUsage, containerHighThrottleRate, cpuThrottlingHigh } from './support/prometheus-rules.ts'
import { startPrometheus, type Prometheus } from './support/prometheus.ts'
import { containerName, services, stack, untilHealthy } from './support/stack.ts'

const PATIENCE_MS = 40_000
let prometheus: Prometheus

beforeAll(async () => {
  await untilHealthy()
  prometheus = await startPrometheus(`127.0.0.1:${stack().labPort}`)
}, 160_000)

afterAll(() => prometheus?.stop())

test.each(['api', 'worker', 'lab'] as const)('promtool finds nothing to say about the metrics of %s', async service => {
  const input = service === 'lab' ? await labMetrics() : await metricsText(service)
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })
  expect({ error, complaints: stdout + stderr, status }).toEqual({ error: undefined, complaints: '', status: 0 })
})

async function labMetrics (): Promise<string> {
  return (await fetch(`http://127.0.0.1:${stack().labPort}/metrics`)).text()
}

test('Prometheus takes every line of a scrape of the lab', async () => {
  const taken = await until(() => one('scrape_samples_post_metric_relabeling and up == 1'), { what: 'a scrape', timeoutMs: PATIENCE_MS })
  const offered = (await labMetrics()).split('\n').filter(line => line !== '' && !line.startsWith('#')).length
  // Between the two, a device may have been read for the first time, or a kind of job have ended.
  expect(taken! / offered).toBeCloseTo(1, 1)
})

test('every container has the labels that dashboards and rules select on', async () => {
  const labels = ['name', 'image', 'container', 'pod', 'namespace', 'container_label_com_docker_compose_project', 'container_label_com_docker_compose_service']
  const expression = `container_memory_usage_bytes{${labels.map(label => `${label}!=""`).join(', ')}}`
  await untilMet('a scrape with all containers', async () => {
    expect(await namesOf(expression)).toEqual(services.map(service => containerName(service)).sort())
  })
})

test('the rules for throttling return the throttled container, the rule for memory the full one, and no rule returns another', async () => {
  const rules = [cpuThrottlingHigh, containerHighThrottleRate, containerHighMemoryUsage]
  const expected = {
    throttled: [containerName('worker')],
    throttledInDocker: [containerName('worker')],
    full: [containerName('api')]
  }
  const ends: End[] = []
  try {
    ends.push(await fillTheApi())
    ends.push(await throttleTheWorker())
    await untilMet('the rules to return these two', async () => {
      const [throttled, throttledInDocker, full] = await Promise.all(rules.map(namesOf))
      expect({ throttled, throttledInDocker, full }).toEqual(expected)
    })
  } finally {
    for (const end of ends) await end()
  }
}, 150_000)

/** Asks until the expectation is met; if it never is, the error says what it met last. */
async function untilMet (what: string, expectation: () => Promise<void>): Promise<void> {
  await until(async () => { await expectation(); return true }, { what, timeoutMs: PATIENCE_MS })
}

/** The containers an expression returns. Kubernetes' rules keep no `name`; to them a container is a pod. */
async function namesOf (expression: string): Promise<string[]> {
  const found = await prometheus.query(expression)
  return found.map(({ labels }) => labels.name ?? labels.pod ?? '?').sort()
}

/** `null` before the first scrape. */
async function one (expression: string): Promise<number | null> {
  const [element] = await prometheus.query(expression)
  return element?.value ?? null
}

type End = () => Promise<unknown>

/** A minute of CPU on two threads, at half a CPU. */
async function throttleTheWorker (): Promise<End> {
  const { id } = await accept('cpu', { ms: 60_000, threads: 2 })
  return () => api(`/jobs/${id}`, { method: 'DELETE' })
}

/**
 * Up to nine tenths of its limit. In two steps: with the first, V8 gives back what it had to spare, and only then is
 * known how much is missing.
 */
async function fillTheApi (): Promise<End> {
  const client = new AbortController()
  const answers: Array<Promise<unknown>> = []
  for (const share of [0.7, 0.9]) {
    const mib = Math.floor((share * limits.api.memoryBytes - await settledBytes()) / MIB)
    answers.push(api(`/work/memory?mib=${mib}&holdMs=60000`, { signal: client.signal }).catch(err => err))
    await until(async () => (await settledBytes()) > (share - 0.2) * limits.api.memoryBytes, {
      what: 'the memory to be taken',
      timeoutMs: PATIENCE_MS
    })
  }
  return () => { client.abort(); return Promise.all(answers) }
}

/** The API's working set, once it is the same for half a second. */
async function settledBytes (): Promise<number> {
  let last = await workingSetBytes()
  await until(async () => {
    await delay(500)
    const before = last
    last = await workingSetBytes()
    return Math.abs(last - before) < MIB
  }, { what: 'the memory of the API to settle', timeoutMs: PATIENCE_MS })
  return last
}

async function workingSetBytes (): Promise<number> {
  const { memory } = await (await api('/cgroup')).json() as { memory: { workingSetBytes: number } }
  return memory.workingSetBytes
}
