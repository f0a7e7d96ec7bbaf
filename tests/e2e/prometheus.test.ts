import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { until } from '../until.ts'
import { accept, api } from './api.ts'
import { limits, MIB } from './limits.ts'
import { metricsText } from './metrics.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { containerHighMemoryUsage, containerHighThrottleRate, cpuThrottlingHigh } from './prometheus-rules.ts'
import { containerName, services, stack, untilHealthy } from './stack.ts'

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

test('the rules for throttling return the throttled container, the rule for memory the full one, and nobody any other', async () => {
  const rules = [cpuThrottlingHigh, containerHighThrottleRate, containerHighMemoryUsage]
  const expected = { throttled: [containerName('worker')], throttledInDocker: [containerName('worker')], full: [containerName('api')] }
  const ends: End[] = []
  try {
    ends.push(await throttleTheWorker())
    ends.push(await fillTheApi())
    await untilMet('the rules to return these two', async () => {
      const [throttled, throttledInDocker, full] = await Promise.all(rules.map(namesOf))
      expect({ throttled, throttledInDocker, full }).toEqual(expected)
    })
  } finally {
    for (const end of ends) await end()
  }
}, 90_000)

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

/** Up to nine tenths of its limit, on top of what it uses already. */
async function fillTheApi (): Promise<End> {
  const usedBytes = await until(() => one(`container_memory_working_set_bytes{name="${containerName('api')}"}`), { what: 'a scrape' })
  const mib = Math.floor((0.9 * limits.api.memoryBytes - usedBytes!) / MIB)
  const client = new AbortController()
  const answer = api(`/work/memory?mib=${mib}&holdMs=60000`, { signal: client.signal }).catch(err => err)
  return () => { client.abort(); return answer }
}
