import { expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import { loadRequest } from '#lab/load/request.ts'
import { loadRoutes, type LoadRouteDeps } from '#lab/routes/loads.ts'
import type { LoadState, LoadView } from '#lab/wire/load.ts'
import { reportProblem } from '#shared/http/problem.ts'
import { capturedLog } from '#support/captured-log.ts'

const spec = {
  service: 'api',
  method: 'GET',
  path: '/',
  ratesPerSecond: [5],
  durationSeconds: 20,
  connections: 100,
  timeoutSeconds: 30
} as const

function fakeLoad (id: string, state: LoadState = 'running') {
  const view: LoadView = {
    id,
    state,
    spec: { ...spec, ratesPerSecond: [5] },
    startedAt: '',
    startedUptimeSeconds: 0,
    finishedAt: null,
    live: null,
    summary: null,
    error: null
  }
  return {
    id,
    isCancelled: false,
    view: () => view,
    cancel () {
      this.isCancelled = true
    }
  }
}

type Given = Partial<LoadRouteDeps> & { known?: Array<ReturnType<typeof fakeLoad>> }

function setUp ({ known = [], ...given }: Given = {}) {
  const started: unknown[] = []
  const loads = {
    start: (spec: unknown) => { started.push(spec); return fakeLoad('new') },
    all: () => known.map(load => load.view()),
    find: (id: string) => known.find(load => load.id === id) ?? null,
    running: known.find(load => load.view().state === 'running') ?? null
  }
  const app = express()
    .use('/api/loads', loadRoutes({
      loads, schema: loadRequest, busyWith: () => null, isOn: true, bodyBytes: 1000, ...given
    }))
    .use(reportProblem(capturedLog().log))
  return { app, started }
}

const post = (app: express.Express, body: object = { path: '/', ratesPerSecond: [5] }) => request(app).post('/api/loads').send(body)

test('a load starts, and the answer says where it is found', async () => {
  const { app, started } = setUp()
  const res = await post(app)
  expect([res.status, res.headers.location, res.body.state]).toEqual([202, '/api/loads/new', 'running'])
  expect(started).toEqual([spec])
})

test.each([
  ['while another one runs', { known: [fakeLoad('first')] }, 409, 'load_running'],
  ['while an experiment must not be disturbed', { busyWith: () => 'the experiment cpu-limit is running' }, 409, 'stack_busy'],
  ['where they are switched off', { isOn: false }, 403, 'loads_are_off']
])('a load is refused %s', async (_case, given, status, code) => {
  const { app, started } = setUp(given)
  const res = await post(app)
  expect([res.status, res.body.code, res.type]).toEqual([status, code, 'application/problem+json'])
  expect(started).toEqual([])
})

test('a faulty load is refused, and the answer names the fault', async () => {
  const { app, started } = setUp()
  const res = await post(app, { path: 'http://example.org/', ratesPerSecond: [5] })
  expect(res.body).toMatchObject({ status: 400, code: 'invalid_request', faults: [{ at: 'path' }] })
  expect((await request(app).post('/api/loads').type('form').send('path=/')).status).toBe(415)
  expect(started).toEqual([])
})

test.each([
  ['5', 'a number'], ['"/"', 'a string'], ['null', 'null'], ['[]', 'an array'], ['', 'nothing']
])('a load with the body %j is refused, because that is not an object', async (body, what) => {
  const { app, started } = setUp()
  const res = await request(app).post('/api/loads').type('json').send(body)
  expect(res.body).toMatchObject({ status: 400, code: 'invalid_request', detail: `body: expected a JSON object, got ${what}` })
  expect(started).toEqual([])
})

test('a load with half a body is refused, because that is not JSON', async () => {
  expect((await request(setUp().app).post('/api/loads').type('json').send('{"path":')).body).toMatchObject({ status: 400, code: 'malformed_json' })
})

test('loads are listed and found by their id', async () => {
  const { app } = setUp({ known: [fakeLoad('b'), fakeLoad('a', 'finished')] })
  expect((await request(app).get('/api/loads')).body.loads.map(({ id }: LoadView) => id)).toEqual(['b', 'a'])
  expect((await request(app).get('/api/loads/a')).body).toMatchObject({ id: 'a', state: 'finished' })
  expect((await request(app).get('/api/loads/c')).body).toMatchObject({ status: 404, code: 'unknown_load' })
})

test('a running load can be cancelled, one that has ended cannot', async () => {
  const known = [fakeLoad('b'), fakeLoad('a', 'finished')]
  const { app } = setUp({ known })
  expect((await request(app).delete('/api/loads/b')).status).toBe(202)
  expect(known.map(({ isCancelled }) => isCancelled)).toEqual([true, false])
  expect((await request(app).delete('/api/loads/a')).body).toMatchObject({ status: 409, code: 'load_ended' })
  expect((await request(app).delete('/api/loads/c')).status).toBe(404)
})

test('other methods are refused, and the answer names the allowed ones', async () => {
  const { app } = setUp()
  expect((await request(app).put('/api/loads')).headers.allow).toBe('GET, POST')
  expect((await request(app).post('/api/loads/a')).headers.allow).toBe('GET, DELETE')
})
