import { expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import { sweepRoutes, type SweepRouteDeps } from '#lab/routes/sweeps.ts'
import { sweepRequest } from '#lab/sweep/request.ts'
import type { SweepSpec } from '#lab/wire/sweep.ts'
import { reportProblem } from '#shared/http/problem.ts'
import { capturedLog } from '#support/captured-log.ts'
import { requestSpec, sweepOf } from '../support/trials.ts'

function setUp (given: Partial<SweepRouteDeps> = {}) {
  const started: SweepSpec[] = []
  const known = [sweepOf({ id: 'b' }), sweepOf({ id: 'a', state: 'finished' })]
  const find = (id: string) => known.find(view => view.id === id) ?? null
  const sweeps: SweepRouteDeps['sweeps'] = {
    start: async spec => { started.push(spec); return sweepOf({ id: 'new' }) },
    all: () => known,
    find,
    cancel: id => find(id)?.state === 'running' ? find(id) : null
  }
  const app = express()
    .use('/api/sweeps', sweepRoutes({ sweeps, schema: sweepRequest, isOn: true, bodyBytes: 1000, ...given }))
    .use(reportProblem(capturedLog().log))
  return { app, started }
}

const body = { path: '/work/cpu?ms=5', ratePerSecond: 40 }

test('a sweep starts, and the answer says where it is found', async () => {
  const { app, started } = setUp()
  const res = await request(app).post('/api/sweeps').send(body)
  expect([res.status, res.headers.location, res.body.state]).toEqual([202, '/api/sweeps/new', 'running'])
  expect(started).toEqual([requestSpec])
})

test('a sweep is refused where they are switched off, and when its request is faulty', async () => {
  const off = await request(setUp({ isOn: false }).app).post('/api/sweeps').send(body)
  expect([off.status, off.body.code]).toEqual([403, 'sweeps_are_off'])
  const { app, started } = setUp()
  expect((await request(app).post('/api/sweeps').send({ path: '/' })).body).toMatchObject({ status: 400, faults: [{ at: 'ratePerSecond' }] })
  expect(started).toEqual([])
})

test('sweeps are listed and found by their id', async () => {
  const { app } = setUp()
  expect((await request(app).get('/api/sweeps')).body.sweeps).toHaveLength(2)
  expect((await request(app).get('/api/sweeps/a')).body).toMatchObject({ id: 'a', state: 'finished' })
  expect((await request(app).get('/api/sweeps/c')).body).toMatchObject({ status: 404, code: 'unknown_sweep' })
})

test('a running sweep can be cancelled, one that has ended cannot', async () => {
  const { app } = setUp()
  expect((await request(app).delete('/api/sweeps/b')).status).toBe(202)
  expect((await request(app).delete('/api/sweeps/a')).body).toMatchObject({ status: 409, code: 'sweep_ended' })
  expect((await request(app).delete('/api/sweeps/c')).status).toBe(404)
  expect((await request(app).put('/api/sweeps')).headers.allow).toBe('GET, POST')
})
