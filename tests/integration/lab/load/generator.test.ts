import { afterEach, expect, test } from '@jest/globals'
import { requestText } from '#lab/load/connection.ts'
import { Generator } from '#lab/load/generator.ts'
import type { Measured } from '#lab/load/measurement.ts'
import { Schedule } from '#lab/load/schedule.ts'
import type { LoadSpec } from '#lab/wire/load.ts'
import { busyServer } from '../support/busy-server.ts'
import { specOf } from '../support/specs.ts'
import { freezing, httpStub, rawStub, type Stub } from '../support/stub.ts'

const stubs: Array<Pick<Stub, 'close'>> = []
afterEach(async () => { for (const stub of stubs.splice(0)) await stub.close() })

async function measured (stub: Pick<Stub, 'url' | 'close'>, given: Partial<LoadSpec> = {}): Promise<Measured> {
  stubs.push(stub)
  return onUrl(stub.url, given)
}

async function onUrl (url: string, given: Partial<LoadSpec> = {}): Promise<Measured> {
  const spec = specOf(given)
  return new Generator({
    schedule: new Schedule(spec.ratesPerSecond, spec.durationSeconds * 1000),
    text: requestText(spec, url),
    connections: spec.connections,
    timeoutMs: spec.timeoutSeconds * 1000,
    address: () => ({ host: '127.0.0.1', port: Number(new URL(url).port) })
  }).run(() => {})
}

const head = 'HTTP/1.1 200 OK\r\n'

test.each([
  ['with a length', `${head}Content-Length: 2\r\n\r\nok`, {}],
  ['in chunks', `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`, {}],
  ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', {}],
  ['that end with the connection', `${head}\r\nok`, { thenEnds: true }],
  ['that close the connection', `${head}Connection: close\r\nContent-Length: 2\r\n\r\nok`, {}],
  ['that are announced', `HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 0\r\n\r\n`, {}]
])('answers %s are counted as answers', async (_case, answer, options) => {
  const { total } = await measured(await rawStub(answer, options))
  expect(total).toMatchObject({
    due: 100,
    sent: 100,
    succeeded: 100,
    failed: 0,
    statuses: { '2xx': 100 },
    connectionErrors: 0
  })
})

test.each([
  ['bytes that are not HTTP', 'SSH-2.0-OpenSSH\r\n', {}],
  ['half an answer', `${head}Content-Length: 10\r\n\r\nok`, { thenEnds: true }],
  ['nothing at all', '', { thenEnds: true }]
])('%s are connection errors', async (_case, answer, options) => {
  const { total } = await measured(await rawStub(answer, options))
  expect(total).toMatchObject({ due: 100, sent: 100, succeeded: 0, failed: 100, connectionErrors: 100 })
  expect(total.errorLatency.count).toBe(100)
})

test('if no server listens, every request is refused', async () => {
  const stub = await httpStub(() => {})
  await stub.close()
  const { total } = await onUrl(stub.url)
  expect(total).toMatchObject({ due: 100, succeeded: 0, failed: 100, connectionErrors: 100 })
  expect(total.latency).toMatchObject({ count: 0, p99Ms: null })
})

test('refusals fail, and their latency stands apart', async () => {
  let count = 0
  const stub = await httpStub((_req, res) => { res.writeHead([200, 404, 503, 301][count++ % 4]!).end() })
  const { total } = await measured(stub)
  expect(total).toMatchObject({ succeeded: 50, failed: 50, statuses: { '2xx': 25, '3xx': 25, '4xx': 25, '5xx': 25 } })
  expect([total.latency.count, total.errorLatency.count]).toEqual([50, 50])
})

test('a request without an answer times out, one without a connection is never sent, and both count towards the latency', async () => {
  const silent = await httpStub(() => {})
  const { total, own } = await measured(silent, { connections: 2, timeoutSeconds: 0.3, ratesPerSecond: [100] })
  expect(total.timeouts + total.missedSends).toBe(50)
  expect(total).toMatchObject({ due: 50, succeeded: 0, failed: 50 })
  expect(total.missedSends).toBeGreaterThan(total.timeouts)
  expect(own.waitedForConnection).toBeGreaterThan(0)
  expect(total.latency.count).toBe(50)
  expect(total.latency.p50Ms).toBeGreaterThanOrEqual(300)
})

test('connections are opened when they are needed, up to their maximum', async () => {
  const slow = await httpStub((_req, res) => { setTimeout(() => res.end(), 200) })
  const { total } = await measured(slow, { connections: 5, ratesPerSecond: [100] })
  expect(total.succeeded).toBe(50)
  expect(slow.connections()).toBe(5)
})

test('a step counts its own requests, even if they are answered during the next one', async () => {
  const slow = await httpStub((_req, res) => { setTimeout(() => res.end(), 50) })
  const { total, steps } = await measured(slow, { ratesPerSecond: [20, 60], durationSeconds: 1 })
  expect(steps.map(({ ratePerSecond, due, succeeded }) => [ratePerSecond, due, succeeded]))
    .toEqual([[20, 10, 10], [60, 30, 30]])
  expect(total.succeeded).toBe(40)
})

test('a POST carries its body', async () => {
  const bodies = new Set<string>()
  await measured(await httpStub(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    bodies.add(`${req.method} ${req.url} ${req.headers['content-type']} ${Buffer.concat(chunks).toString()}`)
    res.writeHead(202).end()
  }), { method: 'POST', path: '/jobs?x=1', body: { kind: 'noop', note: 'ä' }, durationSeconds: 0.1 })
  expect([...bodies]).toEqual(['POST /jobs?x=1 application/json {"kind":"noop","note":"ä"}'])
})

test('no request is sent on a connection that was idle for long', async () => {
  const stub = await httpStub((_req, res) => res.end())
  const { total } = await measured(stub, { ratesPerSecond: [20, 0.4, 20], durationSeconds: 7.5, connections: 5 })
  expect(total).toMatchObject({ failed: 0 })
  expect(stub.connections()).toBeGreaterThanOrEqual(2)
}, 30_000)

test('a server that serves what it reads at once lets new connections wait while it serves open ones, and the load says so', async () => {
  const { total, connections } = await measured(await busyServer('at once'), {
    ratesPerSecond: [250],
    durationSeconds: 2,
    connections: 60,
    timeoutSeconds: 60
  })
  expect(total).toMatchObject({ due: 500, failed: 0 })
  expect(connections).toMatchObject({ inTurn: false, text: expect.stringContaining('New connections waited') })
  expect(connections.first.latency.p50Ms).toBeGreaterThan(connections.later.latency.maxMs!)
  expect(connections.connect.maxMs).toBeLessThan(connections.first.latency.p50Ms!)
}, 60_000)

test('a server that serves one queue serves requests in turn, and the load says so', async () => {
  const { total, connections } = await measured(await busyServer('line'), {
    ratesPerSecond: [250],
    durationSeconds: 2,
    connections: 60,
    timeoutSeconds: 60
  })
  expect(total).toMatchObject({ due: 500, failed: 0 })
  expect(connections).toMatchObject({
    inTurn: true,
    first: { overtaken: 0 },
    later: { overtaken: 0 },
    text: expect.stringContaining('in turn')
  })
}, 60_000)

test('a service that freezes delays requests on new and on open connections alike', async () => {
  const stub = await httpStub(freezing(500))
  const { total, connections } = await measured(stub, { ratesPerSecond: [100], durationSeconds: 3, connections: 200 })
  expect(total.latency.maxMs).toBeGreaterThanOrEqual(900)
  expect(connections).toMatchObject({ inTurn: true, first: { overtaken: 0 } })
}, 20_000)

test('the wait for a free connection is not counted as the server\'s time', async () => {
  const slow = await httpStub((_req, res) => { setTimeout(() => res.end(), 50) })
  const { total, connections } = await measured(slow, { connections: 1, ratesPerSecond: [100] })
  expect(connections.wait.maxMs).toBeGreaterThan(1000)
  expect(connections.later.latency.p50Ms).toBeLessThan(total.latency.p50Ms! / 5)
  expect([connections.first, connections.later].map(({ latency }) => latency.count)).toEqual([1, 49])
  expect(connections).toMatchObject({ inTurn: null, text: '', connect: { count: 1 } })
}, 20_000)
