import { expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import { healthRoutes, type Health } from '#shared/http/health.ts'

const holds = async () => {}
const fails = async () => { throw new Error('away') }

function app (given: Partial<Health> = {}) {
  return express().use(healthRoutes({ required: {}, optional: {}, isStopping: () => false, ...given }))
}

test('/livez, whatever is away, is ok', async () => {
  const res = await request(app({ required: { postgres: fails }, isStopping: () => true })).get('/livez')
  expect([res.status, res.body]).toEqual([200, { status: 'ok' }])
})

test('/readyz with everything there is ok', async () => {
  const res = await request(app({ required: { postgres: holds }, optional: { redis: holds } })).get('/readyz')
  expect([res.status, res.body]).toEqual([200, { status: 'ok', failing: [], degraded: [] }])
})

test('/readyz names what is required and missing, and only that', async () => {
  const res = await request(app({ required: { postgres: fails, schema: holds, redis: fails } })).get('/readyz')
  expect([res.status, res.body]).toEqual([503, { status: 'unavailable', failing: ['postgres', 'redis'], degraded: [] }])
})

test('/readyz without something optional is ready, and says what is missing', async () => {
  const res = await request(app({ required: { postgres: holds }, optional: { redis: fails } })).get('/readyz')
  expect([res.status, res.body]).toEqual([200, { status: 'ok', failing: [], degraded: ['redis'] }])
})

test('/readyz of a stopping service is not ready', async () => {
  const res = await request(app({ isStopping: () => true })).get('/readyz')
  expect([res.status, res.body]).toEqual([503, { status: 'unavailable', failing: ['stopping'], degraded: [] }])
})

test('/readyz with a check that hangs answers, and names it', async () => {
  const hangs = () => new Promise(() => {})
  const res = await request(app({ required: { postgres: hangs } })).get('/readyz')
  expect([res.status, res.body.failing]).toEqual([503, ['postgres']])
})
