import { expect, test } from '@jest/globals'
import express from 'express'
import { ErrorReply } from 'redis'
import request from 'supertest'
import { reportProblem } from '#shared/http/problem.ts'
import { capturedLog } from '#support/captured-log.ts'
import { redisMemoryRoutes, type Scripting } from '#worker/redis-memory.ts'

/** A Redis whose scripts end like this. */
function setUp (end: () => Promise<unknown> = async () => 0, isReady = true) {
  const scripts: string[][] = []
  const redis: Scripting = {
    isReady,
    eval: (_script, { arguments: given }) => {
      scripts.push(given)
      return end()
    }
  }
  const app = express().use(redisMemoryRoutes(redis)).use(reportProblem(capturedLog().log))
  return { fill: (query: string) => request(app).post(`/redis-memory${query}`), app, scripts }
}

test.each(['64', '1024'])('filling Redis with %s MiB is done by one script, and the connection was kept', async mib => {
  const { fill, scripts } = setUp()
  expect(await fill(`?mib=${mib}`)).toMatchObject({ status: 200, body: { mib: Number(mib), connection: 'kept' } })
  expect(scripts).toEqual([[mib]])
})

test('a Redis that dies under the script lost the connection', async () => {
  const { fill } = setUp(async () => { throw new Error('Socket closed unexpectedly') })
  expect(await fill('?mib=256')).toMatchObject({ status: 200, body: { connection: 'lost' } })
})

test('a Redis that refuses the script did not lose anything: that is an error', async () => {
  const { fill } = setUp(async () => { throw new ErrorReply('BUSY') })
  expect((await fill('?mib=256')).status).toBe(500)
})

test('a Redis that is away is not filled, and no script is kept for later', async () => {
  const { fill, scripts } = setUp(undefined, false)
  expect(await fill('?mib=256')).toMatchObject({ status: 503, body: { code: 'redis_unavailable' } })
  expect(scripts).toEqual([])
})

test.each(['', '?mib=', '?mib=63', '?mib=1025', '?mib=1e3', '?mib=-64', '?mib=64.5', '?mib=%2064', '?mib=64&mib=65', '?mib=9999999'])('filling Redis asked for as %j is refused', async query => {
  const { fill, scripts } = setUp()
  const { status, body } = await fill(query)
  expect([status, body.faults]).toEqual([400, [{ at: 'mib', detail: 'expected a whole number from 64 to 1024' }]])
  expect(scripts).toEqual([])
})

test('a GET does not fill Redis', async () => {
  const { app } = setUp()
  expect((await request(app).get('/redis-memory?mib=64')).status).toBe(405)
})
