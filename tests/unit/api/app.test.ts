import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import request, { type Response } from 'supertest'
import type { Jobs } from '#api/routes/jobs.ts'
import { NoCgroup } from '#cgroup/locate.ts'
import type { Authority } from '#shared/http/authority.ts'
import type { JobFilter } from '#shared/jobs/job-store.ts'
import { StoreUnavailable } from '#shared/stores/postgres.ts'
import { Markers } from '#shared/work/markers.ts'
import { aJob, anId, fakeApp } from './support/fake-app.ts'

const unknownId = '019ab000-0000-7000-8000-00000000ffff'
const away = async (): Promise<never> => {
  throw new StoreUnavailable('Postgres does not answer', { cause: new Error('s3cret') })
}
const never = () => new Promise<never>(() => {})

/** The answer is problem details, complete and consistent. */
function expectProblem (res: Response, status: number, code: string): void {
  expect([res.status, res.body.code]).toEqual([status, code])
  expect(res.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(res.body).toMatchObject({ type: 'about:blank', title: expect.any(String), status, detail: expect.any(String) })
}

function post (app = fakeApp().app, body: unknown = { kind: 'noop' }) {
  return request(app).post('/jobs').send(body as object)
}

test('case 14: GET /cgroup where there are no cgroups is a problem that says what is missing, and jobs are accepted', async () => {
  const { app } = fakeApp({ cgroup: new NoCgroup('there is no /sys/fs/cgroup, where cgroups would be mounted') })
  const res = await request(app).get('/cgroup')
  expectProblem(res, 404, 'not_measured')
  expect(res.body.detail).toBe('This process is not measured: there is no /sys/fs/cgroup, where cgroups would be mounted.')
  expect((await request(app).get('/metrics')).text).not.toContain('container_')
  expect((await post(app)).status).toBe(202)
})

test('POST /jobs answers 202 with the job and where it is, and adds it to the queue', async () => {
  const { app, queued, accepted } = fakeApp()
  const res = await post(app, { kind: 'cpu', params: { ms: 5 } })
  expect(res.status).toBe(202)
  expect(res.headers.location).toBe(`/jobs/${anId}`)
  expect(res.body).toMatchObject({ id: anId, kind: 'cpu', params: { ms: 5, threads: 1 }, status: 'queued', createdAt: '2026-01-02T03:04:05.678Z', error: null })
  expect(queued).toEqual([`add cpu ${anId}`])
  expect(accepted).toEqual(['cpu'])
})

test('POST /jobs adds to the queue only after the store has the job', async () => {
  const order: string[] = []
  const { app } = fakeApp({
    jobs: { create: async () => { await Promise.resolve(); order.push('stored'); return aJob() } },
    queue: { add: async () => { order.push('queued') } }
  })
  await post(app)
  expect(order).toEqual(['stored', 'queued'])
})

test.each([
  ['fails', async () => { throw new Error('Redis does not answer') }],
  ['does not answer', never]
])('POST /jobs, when the queue %s, is accepted all the same', async (_case, add) => {
  const { app, accepted } = fakeApp({ queue: { add } })
  expect((await post(app)).status).toBe(202)
  expect(accepted).toEqual(['noop'])
})

test('POST /jobs, when the store is away, answers 503 with Retry-After, and neither counts nor queues', async () => {
  const { app, queued, accepted, lines } = fakeApp({ jobs: { create: away } })
  const res = await post(app)
  expectProblem(res, 503, 'store_unavailable')
  expect(res.headers['retry-after']).toBe('2')
  expect([queued, accepted]).toEqual([[], []])
  expect(lines.at(-1)).toMatchObject({ level: 'error', msg: 'request failed', path: '/jobs' })
})

test('an unexpected error answers 500 without its words, which are logged', async () => {
  const { app, lines } = fakeApp({
    jobs: {
      create: async () => {
        throw new Error('column "s3cret" does not exist')
      }
    }
  })
  const res = await post(app)
  expectProblem(res, 500, 'internal')
  expect(JSON.stringify(res.body) + JSON.stringify(res.headers)).not.toContain('s3cret')
  expect(lines.at(-1)).toMatchObject({
    level: 'error',
    method: 'POST',
    err: { message: 'column "s3cret" does not exist' }
  })
})

test('POST /jobs with faults answers 400 and says where they are', async () => {
  const { app, queued } = fakeApp()
  const res = await post(app, { kind: 'cpu', params: { ms: 0 } })
  expectProblem(res, 400, 'invalid_request')
  expect(res.body.faults).toEqual([{ at: 'params.ms', detail: 'expected a whole number from 1 to 60000' }])
  expect(queued).toEqual([])
})

test.each<[string, string, string, number, string]>([
  ['cut short', 'application/json', '{"kind":', 400, 'malformed_json'],
  ['a bare word', 'application/json', 'noop', 400, 'malformed_json'],
  ['cut after a member', 'application/json', '{"kind":"noop"', 400, 'malformed_json'],
  ['an object and something more', 'application/json', '{"kind":"noop"}}', 400, 'malformed_json'],
  ['blank', 'application/json', ' \n', 400, 'malformed_json'],
  ['NaN', 'application/json', '{"kind":"sleep","params":{"ms":NaN}}', 400, 'malformed_json'],
  ['an absurd number', 'application/json', '{"kind":"sleep","params":{"ms":1e999}}', 400, 'invalid_request'],
  ['nested five thousand deep', 'application/json', `${'['.repeat(5000)}${']'.repeat(5000)}`, 400, 'invalid_request'],
  ['a prototype', 'application/json', '{"kind":"cpu","__proto__":{"params":{"ms":5}}}', 400, 'invalid_request'],
  ['plain text', 'text/plain', '{"kind":"noop"}', 415, 'not_json'],
  ['a form', 'application/x-www-form-urlencoded', 'kind=noop', 415, 'not_json'],
  ['of a type that is none', 'nonsense', '{"kind":"noop"}', 415, 'not_json'],
  ['in an unknown charset', 'application/json; charset=klingon', '{"kind":"noop"}', 415, 'unsupported_charset'],
  ['larger than is taken', 'application/json', JSON.stringify({ kind: 'x'.repeat(20_000) }), 413, 'body_too_large']
])('a body that is %s is refused', async (_case, type, body, status, code) => {
  const { app, queued } = fakeApp()
  expectProblem(await request(app).post('/jobs').set('Content-Type', type).send(body), status, code)
  expect(queued).toEqual([])
})

test.each([
  ['5', 'a number'], ['"noop"', 'a string'], [' null\n', 'null'], ['true', 'a boolean'], ['[]', 'an array'], ['[{"kind":"noop"}]', 'an array'], ['', 'nothing']
])('the body %j is JSON and no object, and the answer says what it is', async (body, what) => {
  const { app, queued } = fakeApp()
  const res = await request(app).post('/jobs').set('Content-Type', 'application/json').send(body)
  expectProblem(res, 400, 'invalid_request')
  expect(res.body).toMatchObject({ detail: `body: expected a JSON object, got ${what}`, faults: [{ at: 'body', detail: `expected a JSON object, got ${what}` }] })
  expect(queued).toEqual([])
})

test('an empty body in chunks is nothing too', async () => {
  const res = await request(fakeApp().app)
    .post('/jobs')
    .set({ 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' })
  expect([res.status, res.body.detail]).toEqual([400, 'body: expected a JSON object, got nothing'])
})

test('no body at all is refused', async () => {
  expectProblem(await request(fakeApp().app).post('/jobs'), 415, 'not_json')
})

test('a body in an unknown encoding is refused', async () => {
  const res = await request(fakeApp().app)
    .post('/jobs')
    .set('Content-Type', 'application/json')
    .set('Content-Encoding', 'rot13')
    .send('{"kind":"noop"}')
  expectProblem(res, 415, 'unsupported_encoding')
})

test('a small body that unpacks to a large one is refused', async () => {
  const bomb = gzipSync(JSON.stringify({ kind: 'x'.repeat(1_000_000) }))
  const res = await request(fakeApp().app)
    .post('/jobs')
    .set('Content-Type', 'application/json')
    .set('Content-Encoding', 'gzip')
    .serialize(x => x as unknown as string)
    .send(bomb)
  expectProblem(res, 413, 'body_too_large')
})

test('a body that says it is packed and is not is refused', async () => {
  const res = await request(fakeApp().app)
    .post('/jobs')
    .set('Content-Type', 'application/json')
    .set('Content-Encoding', 'gzip')
    .send('{"kind":"noop"}')
  expect([res.status, res.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8'])
})

test('how large a body may be is a setting', async () => {
  const { app } = fakeApp({ config: { bodyBytes: 256 } })
  expect((await post(app, { kind: 'noop', params: {}, note: 'x'.repeat(100) })).status).toBe(400)
  expectProblem(await post(app, { kind: 'noop', params: {}, note: 'x'.repeat(256) }), 413, 'body_too_large')
})

test('GET /jobs/{id} answers with the job', async () => {
  const res = await request(fakeApp().app).get(`/jobs/${anId}`)
  expect([res.status, res.body.id]).toEqual([200, anId])
})

test.each([
  ['that no job has', unknownId, 404, 'unknown_job'],
  ['that is none', '5', 400, 'invalid_request'],
  ['that cannot be decoded', '%zz', 400, 'bad_request'],
  ['that is SQL', "1'%20OR%201=1", 400, 'invalid_request']
])('GET and DELETE of a job\'s id %s are refused', async (_case, id, status, code) => {
  const { app } = fakeApp()
  expectProblem(await request(app).get(`/jobs/${id}`), status, code)
  expectProblem(await request(app).delete(`/jobs/${id}`), status, code)
})

test('GET of the store, when it is away, answers 503', async () => {
  const { app } = fakeApp({ jobs: { find: away, list: away, cancel: away } })
  expectProblem(await request(app).get(`/jobs/${anId}`), 503, 'store_unavailable')
  expectProblem(await request(app).get('/jobs'), 503, 'store_unavailable')
  expectProblem(await request(app).delete(`/jobs/${anId}`), 503, 'store_unavailable')
})

test('GET /jobs passes on what was asked for, and a full page says how to go on', async () => {
  const asked: JobFilter[] = []
  const list: Jobs['list'] = async filter => {
    asked.push(filter)
    return [aJob({ id: unknownId }), aJob()]
  }
  const { app } = fakeApp({ jobs: { list } })
  const res = await request(app).get(`/jobs?status=queued&kind=noop&limit=2&cursor=${unknownId}`)
  expect(asked).toEqual([{ status: 'queued', kind: 'noop', limit: 2, cursor: unknownId }])
  expect(res.body.jobs).toHaveLength(2)
  expect(res.body.nextCursor).toBe(anId)
})

test('GET /jobs with fewer than a page has no cursor', async () => {
  const { app } = fakeApp({ jobs: { list: async () => [aJob()] } })
  expect((await request(app).get('/jobs?limit=2')).body).toMatchObject({ jobs: [{ id: anId }], nextCursor: null })
})

test.each([
  'limit=0',
  'limit=5&limit=6',
  'limit[]=5',
  'status[$ne]=queued',
  'cursor=1',
  'page=2',
  '__proto__=1',
  '%00=1'
])('GET /jobs?%s is refused', async query => {
  expectProblem(await request(fakeApp().app).get(`/jobs?${query}`), 400, 'invalid_request')
})

test('DELETE of a queued job answers 202 with the job, and the queue forgets it', async () => {
  const cancelled = aJob({ status: 'cancelled', error: { code: 'cancelled', message: 'cancelled before it started' } })
  const { app, queued } = fakeApp({ jobs: { cancel: async () => cancelled } })
  const res = await request(app).delete(`/jobs/${anId}`)
  expect([res.status, res.body.status]).toEqual([202, 'cancelled'])
  expect(queued).toEqual([`remove ${anId}`])
})

test('DELETE of a running job answers 202, and it still says that it runs', async () => {
  const { app } = fakeApp({ jobs: { cancel: async () => aJob({ status: 'running' }) } })
  const res = await request(app).delete(`/jobs/${anId}`)
  expect([res.status, res.body.status]).toEqual([202, 'running'])
})

test.each([
  ['succeeded', 'it succeeded'], ['failed', 'it is failed'], ['cancelled', 'it is cancelled']
] as const)('DELETE of a job that %s answers 409', async (status, words) => {
  const { app, queued } = fakeApp({ jobs: { cancel: async () => null, find: async () => aJob({ status }) } })
  const res = await request(app).delete(`/jobs/${anId}`)
  expectProblem(res, 409, 'job_finished')
  expect(res.body.detail).toContain(words)
  expect(queued).toEqual([])
})

test.each([
  ['fails', async () => { throw new Error('Redis does not answer') }],
  ['does not answer', never]
])('DELETE, when the queue %s, is answered all the same', async (_case, remove) => {
  expect((await request(fakeApp({ queue: { remove } }).app).delete(`/jobs/${anId}`)).status).toBe(202)
})

test.each<[string, 'get' | 'post' | 'put' | 'delete', string]>([
  ['a job', 'post', '/jobs'], ['a list of jobs', 'get', '/jobs'], ['a job that is there', 'get', `/jobs/${anId}`], ['the end of a job', 'delete', `/jobs/${anId}`],
  ['CPU time', 'get', '/work/cpu?ms=1'], ['CPU time, in letters the router takes too', 'get', '/WORK/cpu/?ms=1'], ['memory', 'get', '/work/memory?mib=1'],
  ['a file', 'put', `/work/marker/${anId}`], ['the cgroup', 'get', '/cgroup'], ['its identity', 'get', '/whoami'], ['nothing that is there', 'get', '/nowhere']
])('another site\'s page, and a foreign host, do not get %s', async (_case, method, path) => {
  const { app, queued, accepted } = fakeApp()
  const ask = (headers: Record<string, string>) =>
    request(app)[method](path).set(headers).type('json').send('{"kind":"noop"}')
  expectProblem(await ask({ Host: 'evil.example' }), 421, 'foreign_host')
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' }
  ]) {
    expectProblem(await ask(headers), 403, 'foreign_origin')
  }
  expect([queued, accepted]).toEqual([[], []])
})

test.each(['/docs', '/openapi.json', '/metrics', '/livez', '/readyz'])('a link on any page leads to %s', async path => {
  expect((await request(fakeApp().app).get(path).set('Sec-Fetch-Site', 'cross-site')).status).toBe(200)
})

test('the docs page, the stack\'s other services and clients other than browsers may ask', async () => {
  const { app, accepted } = fakeApp()
  const ask = (headers: Record<string, string>) => request(app).post('/jobs').set(headers).send({ kind: 'noop' })
  expect(
    (await ask({ Host: '127.0.0.1:3000', Origin: 'http://127.0.0.1:3000', 'Sec-Fetch-Site': 'same-origin' })).status
  ).toBe(202)
  expect((await ask({ Host: 'api:3000' })).status).toBe(202)
  expect((await ask({ Host: 'localhost:3001' })).status).toBe(202)
  expect(accepted).toHaveLength(3)
})

test('case 12: the docs page behind a proxy that renames the host may ask, once its name is allowed', async () => {
  const headers = { Host: '127.0.0.1:3000', Origin: 'https://api.example.org', 'Sec-Fetch-Site': 'same-origin' }
  const ask = (allowedHosts: Authority[]) =>
    request(fakeApp({ config: { allowedHosts } }).app)
      .post('/jobs')
      .set(headers)
      .send({ kind: 'noop' })
  expect((await ask([{ name: 'api.example.org', port: null }])).status).toBe(202)
  const refused = await ask([])
  expectProblem(refused, 403, 'foreign_origin')
  expect(refused.body.detail).toContain('API_ALLOWED_HOSTS')
})

const routes: Array<[path: string, allowed: string]> = [
  ['/jobs', 'GET, POST'],
  [`/jobs/${anId}`, 'GET, DELETE'],
  [`/work/marker/${anId}`, 'GET, PUT, DELETE'],
  ...['/work/cpu', '/work/memory', '/whoami', '/cgroup', '/livez', '/readyz', '/metrics', '/openapi.json', '/docs'].map(
    path => [path, 'GET'] as [string, string]
  )
]

test.each(routes)('%s answers 405 to other methods, and allows %s', async (path, allowed) => {
  const { app } = fakeApp()
  for (const method of ['post', 'put', 'patch', 'delete', 'trace', 'propfind'] as const) {
    if (allowed.includes(method.toUpperCase())) continue
    const res = await request(app)[method](path)
    expectProblem(res, 405, 'method_not_allowed')
    expect(res.headers.allow).toBe(allowed)
  }
})

test.each(routes)('OPTIONS of %s names %s as allowed', async (path, allowed) => {
  const { headers } = await request(fakeApp().app).options(path)
  expect(headers.allow!.split(', ')).toEqual(expect.arrayContaining(allowed.split(', ')))
})

test.each(routes)('HEAD of %s answers as GET does, without a body', async path => {
  const { app } = fakeApp()
  const res = await request(app).head(path)
  expect([res.status, res.text]).toEqual([200, undefined])
})

test.each([
  '/',
  '/job',
  '/jobs/1/2',
  '/Work/none',
  '/work',
  '/work/disk',
  '/admin',
  '/.env',
  '/docs/none.js',
  '/docs/../../package.json',
  '/docs/..%2f..%2fpackage.json'
])('GET %s, where nothing is, answers 404', async path => {
  const res = await request(fakeApp().app).get(path)
  expectProblem(res, 404, 'unknown_path')
})

test('a path that cannot be decoded is the client\'s fault', async () => {
  const { app } = fakeApp()
  for (const path of ['/%zz', '/docs/%zz', '/jobs/%E0%A4%A']) {
    const res = await request(app).get(path)
    expect([path, Math.floor(res.status / 100), res.headers['content-type']]).toEqual([
      path,
      4,
      'application/problem+json; charset=utf-8'
    ])
  }
})

test('GET /work/cpu uses about what was asked for', async () => {
  const res = await request(fakeApp().app).get('/work/cpu?ms=10')
  expect([res.status, res.body.requestedMs]).toEqual([200, 10])
  expect(res.body.cpuMs).toBeGreaterThanOrEqual(10)
})

test('GET /work/memory holds what was asked for', async () => {
  const res = await request(fakeApp().app).get('/work/memory?mib=2&holdMs=1')
  expect([res.status, res.body]).toEqual([200, { mib: 2, holdMs: 1 }])
})

test('GET /work/memory, whose client goes away, is not an error', async () => {
  const { app, lines } = fakeApp()
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('GET /work/memory?mib=1&holdMs=60000 HTTP/1.1\r\nHost: api\r\n\r\n')
  await once(server, 'request')
  socket.destroy()
  const closed = once(server, 'close')
  server.close()
  await closed
  expect(lines).toEqual([])
})

test.each(['/work/cpu', '/work/memory?mib=1', `/work/marker/${anId}`, '/work/none'])('GET %s, with work switched off, answers 404 and says so', async path => {
  const res = await request(fakeApp({ config: { workEndpoints: false } }).app).get(path)
  expectProblem(res, 404, 'work_is_off')
})

test.each(['/work/cpu?ms=2001', '/work/cpu?ms=1e3', '/work/memory?mib=-1'])(
  'GET %s, out of bounds, answers 400',
  async path => {
    expectProblem(await request(fakeApp().app).get(path), 400, 'invalid_request')
  }
)

describe('/work/marker/{id}', () => {
  let directory: string
  beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'limits-lab-api-')) })
  afterEach(() => rmSync(directory, { recursive: true }))

  test('leaves a file, finds it, and takes it away', async () => {
    const { app } = fakeApp({ markers: new Markers([directory]) })
    const path = join(directory, `limits-lab-marker-${anId}`)
    expect((await request(app).get(`/work/marker/${anId}`)).body).toEqual({ found: [] })
    expect((await request(app).put(`/work/marker/${anId}`)).body).toEqual({ written: [{ path, error: null }] })
    expect((await request(app).get(`/work/marker/${anId}`)).body).toEqual({ found: [path] })
    expect((await request(app).delete(`/work/marker/${anId}`)).body).toEqual({ removed: [path] })
    expect(readdirSync(directory)).toEqual([])
  })

  test('refuses a ninth file', async () => {
    const { app } = fakeApp({ markers: new Markers([directory]) })
    for (let n = 1; n <= 8; n++) {
      expect((await request(app).put(`/work/marker/${anId.slice(0, -1)}${n}`)).status).toBe(200)
    }
    expectProblem(await request(app).put(`/work/marker/${anId.slice(0, -1)}9`), 409, 'too_many_markers')
  })

  test.each(['..%2f..%2fetc%2fpasswd', 'x', anId.toUpperCase(), `${anId}0`])('refuses the id %s', async id => {
    const { app } = fakeApp({ markers: new Markers([directory]) })
    for (const method of ['put', 'get', 'delete'] as const) {
      const res = await request(app)[method](`/work/marker/${id}`)
      expectProblem(res, 400, 'invalid_request')
      expect(res.body.faults).toEqual([{ at: 'id', detail: 'expected a UUID in lower case' }])
    }
    expect(readdirSync(directory)).toEqual([])
  })
})

test('GET /cgroup is the container\'s own reading with its effective limits', async () => {
  const { body } = await request(fakeApp().app).get('/cgroup')
  expect(body).toMatchObject({ version: 'v2', limits: { memoryMaxBytes: 268435456, memoryHighBytes: 'max' }, effective: null })
})

test('GET /whoami describes this process', async () => {
  expect((await request(fakeApp().app).get('/whoami')).body.pid).toBe(process.pid)
})

test('GET /readyz follows the checks, and /livez does not', async () => {
  const { app } = fakeApp({ health: { required: { postgres: away } } })
  expect((await request(app).get('/readyz')).status).toBe(503)
  expect((await request(app).get('/livez')).status).toBe(200)
})

test('GET /metrics times the requests by route', async () => {
  const { app } = fakeApp()
  await request(app).get(`/jobs/${anId}`)
  await post(app)
  await request(app).get('/nowhere')
  const { text } = await request(app).get('/metrics')
  const routes = [...text.matchAll(/_count\{method="(\w+)",route="([^"]+)",status="(\d+)"\}/g)].map(([, ...found]) =>
    found.join(' ')
  )
  expect(routes).toEqual(['GET /jobs/:id 200', 'POST /jobs 202', 'GET unknown 404'])
})

test('GET /docs is a page that allows no scripts but its own, and its files are there', async () => {
  const { app } = fakeApp()
  const page = await request(app).get('/docs')
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  const files = [...page.text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file!)
  expect(files.length).toBeGreaterThanOrEqual(3)
  for (const file of files) expect([file, (await request(app).head(file)).status]).toEqual([file, 200])
})

test('every answer says that its type is not to be guessed, and not what made it', async () => {
  const { app } = fakeApp()
  for (const path of ['/livez', '/jobs', '/nowhere', '/docs']) {
    const { headers } = await request(app).get(path)
    expect([path, headers['x-content-type-options'], headers['x-powered-by']]).toEqual([path, 'nosniff', undefined])
  }
})
