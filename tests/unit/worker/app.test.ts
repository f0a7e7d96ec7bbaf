import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import request from 'supertest'
import { timeRequests } from '#shared/metrics/registry.ts'
import { Scrape } from '#shared/metrics/scrape.ts'
import { OwnContainer } from '#shared/process/own-container.ts'
import { Markers } from '#shared/work/markers.ts'
import { capturedLog } from '#support/captured-log.ts'
import { fullReading } from '#support/readings.ts'
import { createApp } from '#worker/app.ts'

const id = '019ab000-0000-4000-8000-000000000001'

const noRedis = { isReady: false, eval: async () => { throw new Error('away') } }

function app (workEndpoints = true) {
  const registry = new Registry()
  const cgroup = {
    path: '/',
    read: () => fullReading(),
    oomKills: () => null,
    effectiveLimits: () => null,
    faults: () => [],
    close: () => {}
  }
  const own = new OwnContainer(cgroup, 'abc', {
    project: 'limits-lab',
    service: 'worker',
    name: 'limits-lab-worker-1',
    number: '1',
    image: ''
  })
  const health = {
    required: {
      redis: async () => {
        throw new Error('away')
      }
    },
    optional: {},
    isStopping: () => false
  }
  const { log } = capturedLog()
  return createApp({
    workEndpoints,
    health,
    scrape: new Scrape(registry, own, log),
    timeRequests: timeRequests(registry),
    markers: new Markers([]),
    redis: noRedis,
    allowedHosts: [],
    log
  })
}

test.each([
  ['/livez', 200], ['/readyz', 503], ['/metrics', 200], ['/whoami', 200], [`/work/marker/${id}`, 200], ['/work/marker/x', 400], ['/', 404], ['/jobs', 404]
])('the worker at %s answers %d, and not with its framework\'s name', async (path, status) => {
  const res = await request(app()).get(path)
  expect(res.status).toBe(status)
  expect(res.headers).not.toHaveProperty('x-powered-by')
})

test('the worker\'s metrics are those of its container', async () => {
  const { text } = await request(app()).get('/metrics')
  expect(text).toMatch(/^container_cpu_cfs_throttled_periods_total\{.*container="worker".*\} 30$/m)
})

test('the worker leaves no file with work switched off, and says why', async () => {
  const { status, body } = await request(app(false)).put(`/work/marker/${id}`)
  expect([status, body.code]).toEqual([404, 'work_is_off'])
})

test.each<[boolean, number, string]>([[true, 503, 'redis_unavailable'], [false, 404, 'work_is_off']])('the worker with work on (%j) and Redis away, asked to fill Redis, answers %d', async (isOn, status, code) => {
  expect(await request(app(isOn)).post('/work/redis-memory?mib=64')).toMatchObject({ status, body: { code } })
})

test.each(['/work/redis-memory?mib=64', `/work/marker/${id}`])('the worker does not do %s for another site\'s page, or under a foreign host', async path => {
  const ask = (headers: Record<string, string>) => request(app()).post(path).set(headers)
  expect(await ask({ Host: 'evil.example' })).toMatchObject({ status: 421, body: { code: 'foreign_host', detail: expect.stringContaining('WORKER_ALLOWED_HOSTS') } })
  expect(await ask({ Origin: 'http://evil.example' })).toMatchObject({ status: 403, body: { code: 'foreign_origin' } })
  expect(await ask({ 'Sec-Fetch-Site': 'same-site' })).toMatchObject({ status: 403, body: { code: 'foreign_origin' } })
})

test.each(['worker:9464', '127.0.0.1:9464', 'localhost'])('the worker is asked as %s', async host => {
  expect((await request(app()).get('/whoami').set('Host', host)).status).toBe(200)
})
