import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { accept, api, untilFinished, untilRunning } from './support/api.ts'
import { cgroupFiles } from './support/cgroup-files.ts'
import { parseExposition } from './support/exposition.ts'
import { limits, MIB } from './support/limits.ts'
import { metrics, metricsText, type Metrics } from './support/metrics.ts'
import { containerName, inspect, stack, untilHealthy } from './support/stack.ts'

const scraped = ['api', 'worker'] as const

beforeAll(() => untilHealthy(), 130_000)

test.each([
  ['a line that is not a sample', '# TYPE a gauge\na{b="c" 1\n'],
  ['a value that is not a number', '# TYPE a gauge\na one\n'],
  ['a series twice', '# TYPE a gauge\na{b="1",c="2"} 1\na{c="2",b="1"} 2\n'],
  ['a series without a type', 'a 1\n']
])('the reader of metrics refuses %s', (_case, text) => {
  expect(() => parseExposition(text)).toThrow()
})

test.each(scraped)('%s reports the limits of compose.yaml', async service => {
  const scrape = await metrics(service)
  const { memoryBytes, cpuCores, pids } = limits[service]
  expect(scrape.value('container_spec_memory_limit_bytes')).toBe(memoryBytes)
  expect(scrape.value('container_spec_cpu_quota') / scrape.value('container_spec_cpu_period')).toBe(cpuCores)
  expect(scrape.value('container_threads_max')).toBe(pids)
  expect(scrape.value('limits_lab_swap_limit_bytes')).toBe(0)
  expect(scrape.value('limits_lab_memory_effective_limit_bytes', { from: 'own' })).toBe(memoryBytes)
})

test.each(scraped)('%s reports counters that lie between two looks at the kernel\'s files from outside', async service => {
  const before = await cgroupFiles(service)
  const scrape = await metrics(service)
  const after = await cgroupFiles(service)
  expectBetween(scrape.value('container_cpu_usage_seconds_total'), before.cpuSeconds, after.cpuSeconds)
  expectBetween(scrape.value('container_cpu_cfs_throttled_periods_total'), before.throttledPeriods, after.throttledPeriods)
  expectBetween(scrape.value('container_oom_events_total'), before.oomKills, after.oomKills)
  expect(after.cpuSeconds).toBeGreaterThan(before.cpuSeconds)
})

/** Cutting off nanoseconds may lose a microsecond. */
function expectBetween (value: number, min: number, max: number): void {
  expect(value).toBeGreaterThanOrEqual(min - 2e-6)
  expect(value).toBeLessThanOrEqual(max)
}

test.each(scraped)(
  "%s reports about as much memory and as many tasks as the kernel's files say from outside",
  async service => {
    const scrape = await metrics(service)
    const files = await cgroupFiles(service)
    expect(Math.abs(scrape.value('container_memory_usage_bytes') - files.memoryBytes)).toBeLessThan(16 * MIB)
    expect(Math.abs(scrape.value('container_threads') - files.tasks)).toBeLessThanOrEqual(4)
    expect(scrape.value('container_memory_working_set_bytes')).toBeLessThanOrEqual(
      scrape.value('container_memory_usage_bytes')
    )
  }
)

test.each(scraped)('%s names its container as the engine does', async service => {
  const { Id, State } = await inspect(service)
  const scrape = await metrics(service)
  const [sample] = scrape.all('container_memory_usage_bytes')
  expect(sample!.labels).toMatchObject({
    name: containerName(service),
    image: `limits-lab-${service}:${stack().tag}`,
    container_label_com_docker_compose_project: stack().project,
    container_label_com_docker_compose_service: service,
    container_label_com_docker_compose_container_number: '1'
  })
  expect(sample!.labels.id).toContain(Id)
  expect(Math.abs(scrape.value('container_start_time_seconds') - Date.parse(State.StartedAt) / 1000)).toBeLessThan(3)
})

test.each(scraped)('%s reports numbers only: no NaN, and no word in place of a gap', async service => {
  const { samples } = await metrics(service)
  expect(samples.length).toBeGreaterThan(100)
  expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([])
  const placeholder = /^(|null|undefined|nan|none|\[object.*)$/i
  expect(samples.filter(({ labels }) => Object.values(labels).some(value => placeholder.test(value)))).toEqual([])
})

test.each(scraped)('%s reports on its Node process, and that the container could be read', async service => {
  const scrape = await metrics(service)
  expect(scrape.value('process_resident_memory_bytes')).toBeGreaterThan(20 * MIB)
  expect(scrape.value('nodejs_heap_size_used_bytes')).toBeLessThan(scrape.value('process_resident_memory_bytes'))
  expect(scrape.value('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(scrape.value('container_scrape_error')).toBe(0)
  expect(scrape.all('nodejs_version_info')).toHaveLength(1)
})

test.each(scraped)('%s reports no absurd lag of the event loop right after another scrape', async service => {
  const scrapes =
    service === 'api' ? await Promise.all([metrics('api'), metrics('api'), metrics('api')]) : [await metrics('worker')]
  for (const { samples } of scrapes) {
    const absurd = samples.filter(
      ({ name, value }) => name.startsWith('nodejs_eventloop_lag') && !(value >= 0 && value < 60)
    )
    expect(absurd).toEqual([])
  }
})

test("the api's own cgroup as JSON is the same reading", async () => {
  const { limits: own, memory } = (await (await api('/cgroup')).json()) as {
    limits: { memoryMaxBytes: number }
    memory: { currentBytes: number }
  }
  expect(own.memoryMaxBytes).toBe(limits.api.memoryBytes)
  expect(Math.abs(memory.currentBytes - (await cgroupFiles('api')).memoryBytes)).toBeLessThan(16 * MIB)
})

test('requests are timed by route, however the path is spelled', async () => {
  const before = await metrics('api')
  await untilFinished((await accept('noop')).id)
  await Promise.all(['/jobs/1', '/jobs/2', '/nowhere', '/nowhere/else'].map(path => api(path)))
  const after = await metrics('api')
  const rise = (labels: Record<string, string>): number => count(after, labels) - count(before, labels)
  expect(rise({ method: 'POST', route: '/jobs', status: '202' })).toBe(1)
  expect(rise({ method: 'GET', route: '/jobs/:id', status: '200' })).toBeGreaterThan(0)
  expect(rise({ method: 'GET', route: '/jobs/:id', status: '400' })).toBe(2)
  expect(rise({ method: 'GET', route: 'unknown', status: '404' })).toBe(2)
  expect(
    after.value('http_request_duration_seconds_bucket', { method: 'POST', route: '/jobs', status: '202', le: '+Inf' })
  ).toBe(count(after, { method: 'POST', route: '/jobs', status: '202' }))
})

function count (scrape: Metrics, labels: Record<string, string>): number {
  return scrape.count('http_request_duration_seconds_count', labels)
}

const toCancel: string[] = []
afterEach(() => Promise.all(toCancel.splice(0).map(id => api(`/jobs/${id}`, { method: 'DELETE' }))))

test('the depth of the queue is the number of waiting and active jobs, and api and worker report the same', async () => {
  const first = await accept('sleep', { ms: 60_000 })
  toCancel.push(first.id)
  await untilRunning(first.id)
  for (let i = 0; i < 3; i++) toCancel.push((await accept('sleep', { ms: 60_000 })).id)
  for (const service of scraped) {
    const scrape = await metrics(service)
    expect([
      service,
      scrape.value('queue_jobs', { state: 'waiting' }),
      scrape.value('queue_jobs', { state: 'active' })
    ]).toEqual([service, 3, 1])
  }
})

test('jobs are counted by kind and outcome: accepted by the api, finished by the worker', async () => {
  const before = await Promise.all(scraped.map(metrics))
  await untilFinished((await accept('cpu', { ms: 10 })).id)
  await untilFinished((await accept('memory', { mib: 512 })).id)
  const after = await Promise.all(scraped.map(metrics))
  const rise = (i: 0 | 1, name: string, labels: Record<string, string>): number =>
    after[i]!.count(name, labels) - before[i]!.count(name, labels)
  expect([rise(0, 'jobs_accepted_total', { kind: 'cpu' }), rise(0, 'jobs_accepted_total', { kind: 'memory' })]).toEqual(
    [1, 1]
  )
  expect(rise(1, 'jobs_finished_total', { kind: 'cpu', outcome: 'succeeded' })).toBe(1)
  expect(rise(1, 'jobs_finished_total', { kind: 'memory', outcome: 'oom_killed' })).toBe(1)
  expect(rise(1, 'job_duration_seconds_count', { kind: 'cpu' })).toBe(1)
})

test('the content type names the text format', async () => {
  expect((await api('/metrics')).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(await metricsText('worker')).toMatch(/^# HELP /)
})
