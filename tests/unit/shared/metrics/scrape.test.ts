import { expect, test } from '@jest/globals'
import express from 'express'
import { Gauge, Registry } from 'prom-client'
import request from 'supertest'
import type { Cgroup } from '#cgroup/cgroup.ts'
import type { Fault } from '#cgroup/fault.ts'
import { NoCgroup } from '#cgroup/locate.ts'
import type { Reading } from '#cgroup/reading.ts'
import { queueDepth } from '#shared/jobs/queue.ts'
import { NetworkMetrics } from '#shared/metrics/network-metrics.ts'
import { timeRequests } from '#shared/metrics/registry.ts'
import { Scrape } from '#shared/metrics/scrape.ts'
import { OwnContainer } from '#shared/process/own-container.ts'
import { capturedLog } from '#support/captured-log.ts'
import { fullReading } from '#support/readings.ts'

const identity = { project: 'limits-lab', service: 'api', name: 'limits-lab-api-1', number: '1', image: '' }
let reads: number

function setUp ({
  read = () => fullReading(),
  path = '/',
  id = 'abc' as string | null
}: { read?: () => Reading | null; path?: string; id?: string | null } = {}) {
  const { log, lines } = capturedLog()
  reads = 0
  const countedRead = () => {
    reads++
    return read()
  }
  const cgroup: Cgroup = {
    path,
    read: countedRead,
    oomKills: () => null,
    effectiveLimits: () => null,
    faults: () => [],
    close: () => {}
  }
  const registry = new Registry()
  const scrape = new Scrape(registry, new OwnContainer(cgroup, id, identity), log)
  return { registry, scrape, lines }
}

test('/metrics is the Prometheus text format, from one look at the container', async () => {
  const { scrape } = setUp()
  const res = await request(express().use(scrape.routes())).get('/metrics')
  expect(res.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(res.text).toMatch(/^container_spec_memory_limit_bytes\{.*name="limits-lab-api-1".*\} 268435456$/m)
  expect(res.text).toMatch(/^container_scrape_error 0$/m)
  expect(res.text).toMatch(/^machine_memory_bytes \d+$/m)
  expect(reads).toBe(1)
})

test('the effective limits of a scrape come from the limits of its reading, which are not read again', async () => {
  const given: unknown[] = []
  const reading = fullReading()
  const cgroup: Cgroup = {
    path: '/',
    read: () => reading,
    oomKills: () => null,
    effectiveLimits: own => { given.push(own); return null },
    faults: () => [],
    close: () => {}
  }
  await new Scrape(new Registry(), new OwnContainer(cgroup, 'abc', identity), capturedLog().log).text()
  expect(given).toEqual([reading.limits])
})

test.each([
  ['in a namespace of its own', '/', 'abc', '/docker/abc'],
  ['under a path of the host', '/system.slice/docker-abc.scope', 'abc', '/system.slice/docker-abc.scope'],
  ['outside of any container', '/', null, '/']
])('the id of a container %s is its path from the host\'s root', async (_case, path, id, expected) => {
  expect(await setUp({ path, id }).scrape.text()).toContain(`container_threads{id="${expected}"`)
})

test.each([
  ['is gone', () => null],
  ['cannot be read', () => { throw new Error('EACCES') }]
])('a container that %s is an error in the metrics and the log, and the rest is there', async (_case, read) => {
  const { scrape, lines } = setUp({ read })
  const text = await scrape.text()
  expect(text).toMatch(/^container_scrape_error 1$/m)
  expect(text).toMatch(/^machine_cpu_cores \d+$/m)
  expect(text).not.toMatch(/^container_(cpu|memory)/m)
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', msg: 'cannot read this container' })])
})

test('a container of which one value cannot be read has all others, and an error in the metrics', async () => {
  const fault: Fault = { path: '/sys/fs/cgroup/memory.peak', key: null, error: new Error('EACCES') }
  const cgroup: Cgroup = {
    path: '/',
    read: () => fullReading({ memory: { peakBytes: null } }),
    oomKills: () => null,
    effectiveLimits: () => null,
    faults: () => [fault],
    close: () => {}
  }
  const { log } = capturedLog()
  const text = await new Scrape(new Registry(), new OwnContainer(cgroup, 'abc', identity), log).text()
  expect(text).toMatch(/^container_scrape_error 1$/m)
  expect(text).toMatch(/^container_memory_usage_bytes\{/m)
  expect(text).not.toContain('container_memory_max_usage_bytes')
})

test('case 14: without a cgroup no series of a container is there, not even that it could be read, and all others are', async () => {
  const { log, lines } = capturedLog()
  const registry = new Registry()
  const own = new OwnContainer(new NoCgroup('there is no /sys/fs/cgroup'), null, identity)
  const text = await new Scrape(registry, own, log).text()
  expect(text).not.toContain('container_')
  expect(text).toMatch(/^machine_cpu_cores \d+$/m)
  expect([own.read(), own.effectiveLimits(), own.state(), lines]).toEqual([null, null, null, []])
})

test('the network of a container without a cgroup, or whose cgroup cannot be read, is reported', async () => {
  for (const cgroup of [
    new NoCgroup('none'),
    {
      path: '/',
      read: () => {
        throw new Error('EACCES')
      },
      oomKills: () => null,
      effectiveLimits: () => null,
      faults: () => [],
      close: () => {}
    }
  ]) {
    const { log } = capturedLog()
    const registry = new Registry()
    const own = new OwnContainer(cgroup, null, identity)
    const text = await new Scrape(registry, own, log, new NetworkMetrics(registry)).text()
    expect(text).toContain('# TYPE container_network_receive_bytes_total counter')
  }
})

test('a container that cannot be read is logged once while that lasts', async () => {
  let fails = true
  const { scrape, lines } = setUp({ read: () => { if (fails) throw new Error('EACCES'); return fullReading() } })
  for (let i = 0; i < 3; i++) await scrape.text()
  expect(lines).toHaveLength(1)
  fails = false
  await scrape.text()
  fails = true
  await scrape.text()
  expect(lines).toHaveLength(2)
})

test('a container that could be read before and cannot now leaves no stale numbers', async () => {
  let isGone = false
  const { scrape } = setUp({ read: () => isGone ? null : fullReading() })
  await scrape.text()
  isGone = true
  expect(await scrape.text()).not.toMatch(/^container_memory_usage_bytes\{/m)
})

test('something to refresh is refreshed before the answer', async () => {
  const { scrape, registry } = setUp()
  const gauge = new Gauge({ name: 'late', help: 'x', registers: [registry] })
  scrape.add(async () => { gauge.set(5) })
  expect(await scrape.text()).toMatch(/^late 5$/m)
})

test.each([
  ['at once', () => { throw new Error('broken') }],
  ['later', async () => { throw new Error('broken') }]
])('something to refresh that throws %s leaves its metrics out, and no others', async (_case, refresh) => {
  const { scrape, lines } = setUp()
  scrape.add(refresh)
  expect(await scrape.text()).toMatch(/^container_scrape_error 0$/m)
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', err: expect.objectContaining({ message: 'broken' }) })])
})

test('the queue\'s depth is reported by state', async () => {
  const { scrape, registry } = setUp()
  scrape.add(queueDepth({ depth: async () => ({ waiting: 3, active: 1 }) }, registry))
  const text = await scrape.text()
  expect(text).toContain('queue_jobs{state="waiting"} 3')
  expect(text).toContain('queue_jobs{state="active"} 1')
})

test.each([
  ['is away', async () => { throw new Error('away') }],
  ['does not answer', () => new Promise<never>(() => {})]
])('the queue\'s depth, when Redis %s, is not there', async (_case, fails) => {
  const { scrape, registry } = setUp()
  let isAway = false
  scrape.add(queueDepth({ depth: () => isAway ? fails() : Promise.resolve({ waiting: 3, active: 1 }) }, registry))
  await scrape.text()
  isAway = true
  expect(await scrape.text()).not.toContain('queue_jobs{')
})

test('requests are timed by route, and strangers cannot make series', async () => {
  const registry = new Registry()
  const app = express().use(timeRequests(registry))
  app.get('/jobs/:id', (_req, res) => { res.json({}) })
  app.use((_req, res) => { res.status(404).end() })
  for (const path of ['/jobs/1', '/jobs/2', '/a', '/b/c']) await request(app).get(path)
  await request(app).propfind('/jobs/1')
  const counts = (await registry.metrics()).split('\n').filter(line => line.includes('_count'))
  expect(counts).toEqual([
    'http_request_duration_seconds_count{method="GET",route="/jobs/:id",status="200"} 2',
    'http_request_duration_seconds_count{method="GET",route="unknown",status="404"} 2',
    'http_request_duration_seconds_count{method="other",route="unknown",status="404"} 1'
  ])
})
