import { describe, expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import type { Experiment } from '#lab/experiments/experiment.ts'
import { memoryLimit } from '#lab/experiments/memory-limit.ts'
import { experimentRoutes } from '#lab/routes/experiments.ts'
import type { Run } from '#lab/wire/experiments.ts'
import { reportProblem } from '#shared/http/problem.ts'
import { capturedLog } from '#support/captured-log.ts'
import { recordedRun } from '../support/recorded.ts'

const ended = recordedRun('memory-limit.v1') as Run

function setUp ({ isOn = true } = {}) {
  const started: Array<string | null> = []
  const listed: unknown[] = []
  const app = express()
  app.use('/api', experimentRoutes({
    experiments: [memoryLimit as Experiment],
    runs: {
      current: null,
      start: async (_experiment, prediction) => {
        started.push(prediction)
        return ended
      },
      cancel: () => null,
      find: async id => id === ended.id ? ended : null,
      list: async filter => {
        listed.push(filter)
        return []
      }
    },
    isOn,
    bodyBytes: 1000
  }))
  app.use(reportProblem(capturedLog().log))
  return { app, started, listed }
}

describe('experiments', () => {
  test('are listed with their choices, and without the answer', async () => {
    const { body } = await request(setUp().app).get('/api/experiments')
    expect(body.experiments[0]).toMatchObject({ id: 'memory-limit', topic: 'memory', choices: expect.arrayContaining([{ id: 'killed', text: expect.any(String) }]) })
    expect(body.experiments[0]).not.toHaveProperty('answer')
    expect(body.running).toBeNull()
  })

  test.each([
    [{ prediction: 'killed' }, 'killed'],
    [{}, null],
    [undefined, null]
  ])('are started with %j', async (body, prediction) => {
    const { app, started } = setUp()
    const res = await request(app).post('/api/experiments/memory-limit/runs').send(body)
    expect([res.status, res.headers.location]).toEqual([202, `/api/runs/${ended.id}`])
    expect(started).toEqual([prediction])
  })

  test('are not started with a prediction that is no choice, and the choices are named', async () => {
    const { app, started } = setUp()
    const res = await request(app).post('/api/experiments/memory-limit/runs').send({ prediction: 'fire' })
    expect(res.status).toBe(400)
    expect(res.body.detail).toBe('prediction: expected one of refused, swapped, killed, container')
    expect(started).toEqual([])
  })

  test.each([
    ['5', 'a number'], ['"killed"', 'a string'], ['[]', 'an array'], ['null', 'null'], ['false', 'a boolean']
  ])('are not started with the body %s, which is no object', async (body, what) => {
    const { app, started } = setUp()
    const res = await request(app).post('/api/experiments/memory-limit/runs').type('json').send(body)
    expect(res.body).toMatchObject({ status: 400, code: 'invalid_request', detail: `body: expected a JSON object, got ${what}` })
    expect(started).toEqual([])
  })

  test.each<[string, string, string, number, string]>([
    ['that is cut', 'application/json', '{"prediction":"kill', 400, 'malformed_json'],
    ['whose type is not read, so that the prediction would be lost', 'application/x-www-form-urlencoded', '{"prediction":"killed"}', 415, 'not_json']
  ])('are not started with a body %s', async (_case, type, body, status, code) => {
    const { app, started } = setUp()
    expect((await request(app).post('/api/experiments/memory-limit/runs').type(type).send(body)).body).toMatchObject({
      status,
      code
    })
    expect(started).toEqual([])
  })

  test('are started without a prediction by an empty body', async () => {
    const { app, started } = setUp()
    expect((await request(app).post('/api/experiments/memory-limit/runs').type('json').send('')).status).toBe(202)
    expect((await request(app).post('/api/experiments/memory-limit/runs').set('Content-Length', '0')).status).toBe(202)
    expect(started).toEqual([null, null])
  })

  test('that do not exist are answered with those that do', async () => {
    const res = await request(setUp().app).post('/api/experiments/fire/runs')
    expect([res.status, res.body.code, res.body.detail]).toEqual([404, 'unknown_experiment', 'There is no experiment "fire"; there are memory-limit.'])
  })

  test('are shown and not started where they are off', async () => {
    const { app, started } = setUp({ isOn: false })
    expect((await request(app).get('/api/experiments')).status).toBe(200)
    expect((await request(app).post('/api/experiments/memory-limit/runs')).body).toMatchObject({ status: 403, code: 'experiments_are_off' })
    expect(started).toEqual([])
  })
})

describe('runs', () => {
  test('are listed, of one experiment where asked', async () => {
    const { app, listed } = setUp()
    await request(app).get('/api/runs?experiment=memory-limit&limit=3').expect(200)
    expect(listed).toEqual([{ experiment: 'memory-limit', limit: 3 }])
  })

  test.each(['0', '201', 'many', '1.5'])('are not listed with limit=%s', async limit => {
    expect((await request(setUp().app).get(`/api/runs?limit=${limit}`)).body).toMatchObject({ status: 400, detail: 'limit: expected a whole number from 1 to 200' })
  })

  test('are sent whole, with their readings', async () => {
    expect((await request(setUp().app).get(`/api/runs/${ended.id}`)).body).toEqual(ended)
  })

  test.each([
    ['GET', 'fire', 400], ['GET', '00000000-0000-0000-0000-000000000000', 404],
    ['DELETE', 'fire', 400], ['DELETE', '00000000-0000-0000-0000-000000000000', 404], ['DELETE', ended.id, 409]
  ])('%s of %s is %i', async (method, id, status) => {
    const { app } = setUp()
    const path = `/api/runs/${id}`
    expect((await (method === 'GET' ? request(app).get(path) : request(app).delete(path))).status).toBe(status)
  })
})
