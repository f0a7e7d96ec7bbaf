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
  ['a line that is no sample', '# TYPE a gauge\na{b="c" 1\n'],
  ['a number that is none', '# TYPE a gauge\na one\n'],
  ['a series twice', '# TYPE a gauge\na{b="1",c="2"} 1\na{c="2",b="1"} 2\n'],
  ['a series without a type', 'a 1\n']
])('the reader of metrics refuses %s', (_case, text) => {
  expect(() => parseExposition(text)).toThrow()
})

test.each(scraped)('%s tells the limits of compose.yaml', async service => {
  const told = await metrics(service)
  const { memoryBytes, cpuCores, pids } = limits[service]
  expect(told.value('container_spec_memory_limit_bytes')).toBe(memoryBytes)
  expect(told.value('container_spec_cpu_quota') / told.value('container_spec_cpu_period')).toBe(cpuCores)
  expect(told.value('container_threads_max')).toBe(pids)
  expect(told.value('limits_lab_swap_limit_bytes')).toBe(0)
  expect(told.value('limits_lab_memory_effective_limit_bytes', { from: 'own' })).toBe(memoryBytes)
})

test.each(scraped)('%s tells counters that lie between two looks at the kernel\'s files from outside', async service => {
  const before = await cgroupFiles(service)
  const told = await metrics(service)
  const after = await cgroupFiles(service)
  expectBetween(told.value('container_cpu_usage_seconds_total'), before.cpuSeconds, after.cpuSeconds)
  expectBetween(told.value('container_cpu_cfs_throttled_periods_total'), before.throttledPeriods, after.throttledPeriods)
  expectBetween(told.value('container_oom_events_total'), before.oomKills, after.oomKills)
  expect(after.cpuSeconds).toBeGreaterThan(before.cpuSeconds)
})

/** A microsecond is lost where nanoseconds are cut off. */
function expectBetween (value: number, min: number, max: number): void {
  expect(value).toBeGreaterThanOrEqual(min - 2e-6)
  expect(value).toBeLessThanOrEqual(max)
}

test.each(scraped)('%s tells about as much memory and as many tasks as the kernel\'s files say from outside', async service => {
  const told = await metrics(service)
  const files = await cgroupFiles(service)
  expect(Math.abs(told.value('container_memory_usage_bytes') - files.memoryBytes)).toBeLessThan(16 * MIB)
  expect(Math.abs(told.value('container_threads') - files.tasks)).toBeLessThanOrEqual(4)
  expect(told.value('container_memory_working_set_bytes')).toBeLessThanOrEqual(told.value('container_memory_usage_bytes'))
})

test.each(scraped)('%s names its container as the engine does', async service => {
  const { Id, State } = await inspect(service)
  const told = await metrics(service)
  const [sample] = told.all('container_memory_usage_bytes')
  expect(sample!.labels).toMatchObject({
    name: containerName(service),
    image: `limits-lab-${service}:${stack().tag}`,
    container_label_com_docker_compose_project: stack().project,
    container_label_com_docker_compose_service: service,
    container_label_com_docker_compose_container_number: '1'
  })
  expect(sample!.labels.id).toContain(Id)
  expect(Math.abs(told.value('container_start_time_seconds') - Date.parse(State.StartedAt) / 1000)).toBeLessThan(3)
})

test.each(scraped)('%s tells whole numbers only: no NaN, no gap filled with a word', async service => {
  const { samples } = await metrics(service)
  expect(samples.length).toBeGreaterThan(100)
  expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([])
  const placeholder = /^(|null|undefined|nan|none|\[object.*)$/i
  expect(samples.filter(({ labels }) => Object.values(labels).some(value => placeholder.test(value)))).toEqual([])
})

test.each(scraped)('%s tells about its Node process, and that the container could be read', async service => {
  const told = await metrics(service)
  expect(told.value('process_resident_memory_bytes')).toBeGreaterThan(20 * MIB)
  expect(told.value('nodejs_heap_size_used_bytes')).toBeLessThan(told.value('process_resident_memory_bytes'))
  expect(told.value('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(told.value('container_scrape_error')).toBe(0)
  expect(told.all('nodejs_version_info')).toHaveLength(1)
})

test.each(scraped)('%s tells no lag of an event loop that nobody looked at since the last scrape', async service => {
  const scrapes = service === 'api' ? await Promise.all([metrics('api'), metrics('api'), metrics('api')]) : [await metrics('worker')]
  for (const { samples } of scrapes) {
    const absurd = samples.filter(({ name, value }) => name.startsWith('nodejs_eventloop_lag') && !(value >= 0 && value < 60))
    expect(absurd).toEqual([])
  }
})

test('the api\'s own cgroup as JSON is the same reading', async () => {
  const { limits: own, memory } = await (await api('/cgroup')).json() as { limits: { memoryMaxBytes: number }, memory: { currentBytes: number } }
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
  expect(after.value('http_request_duration_seconds_bucket', { method: 'POST', route: '/jobs', status: '202', le: '+Inf' }))
    .toBe(count(after, { method: 'POST', route: '/jobs', status: '202' }))
})

function count (told: Metrics, labels: Record<string, string>): number {
  return told.count('http_request_duration_seconds_count', labels)
}

const toCancel: string[] = []
afterEach(() => Promise.all(toCancel.splice(0).map(id => api(`/jobs/${id}`, { method: 'DELETE' }))))

test('the depth of the queue is what waits and what is worked on, told alike by api and worker', async () => {
  const first = await accept('sleep', { ms: 60_000 })
  toCancel.push(first.id)
  await untilRunning(first.id)
  for (let i = 0; i < 3; i++) toCancel.push((await accept('sleep', { ms: 60_000 })).id)
  for (const service of scraped) {
    const told = await metrics(service)
    expect([service, told.value('queue_jobs', { state: 'waiting' }), told.value('queue_jobs', { state: 'active' })]).toEqual([service, 3, 1])
  }
})

test('jobs are counted by kind and outcome: accepted by the api, finished by the worker', async () => {
  const before = await Promise.all(scraped.map(metrics))
  await untilFinished((await accept('cpu', { ms: 10 })).id)
  await untilFinished((await accept('memory', { mib: 512 })).id)
  const after = await Promise.all(scraped.map(metrics))
  const rise = (i: 0 | 1, name: string, labels: Record<string, string>): number => after[i]!.count(name, labels) - before[i]!.count(name, labels)
  expect([rise(0, 'jobs_accepted_total', { kind: 'cpu' }), rise(0, 'jobs_accepted_total', { kind: 'memory' })]).toEqual([1, 1])
  expect(rise(1, 'jobs_finished_total', { kind: 'cpu', outcome: 'succeeded' })).toBe(1)
  expect(rise(1, 'jobs_finished_total', { kind: 'memory', outcome: 'oom_killed' })).toBe(1)
  expect(rise(1, 'job_duration_seconds_count', { kind: 'cpu' })).toBe(1)
})

test('the content type names the text format', async () => {
  expect((await api('/metrics')).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(await metricsText('worker')).toMatch(/^# HELP /)
})
