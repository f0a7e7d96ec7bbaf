import { expect, test } from '@jest/globals'
import express from 'express'
import { Registry } from 'prom-client'
import request from 'supertest'
import { Ticker } from '#lab/clock.ts'
import { createTallies, metricsRoutes } from '#lab/metrics.ts'
import { Streams } from '#lab/stream.ts'
import type { DecidedKill } from '#lab/wire/live.ts'
import { capturedLog } from '#support/captured-log.ts'

/** Prometheus sees no rise in a counter that was not there before it. */
test('kills and restarts of every service are counted from 0, before there are any', async () => {
  const registry = new Registry()
  createTallies(registry, ['api', 'worker'])
  expect(await samplesOf(registry)).toEqual([
    ...['api', 'worker'].flatMap(service =>
      ['child', 'pid1', 'unknown'].flatMap(victim =>
        ['own_limit', 'not_own_limit', 'not_counted'].map(
          cause => `limits_lab_oom_kills_total{service="${service}",victim="${victim}",cause="${cause}"} 0`
        )
      )
    ),
    'limits_lab_restarts_total{service="api"} 0',
    'limits_lab_restarts_total{service="worker"} 0'
  ])
})

test('a service that nobody has named is counted from 0 once it is found, and goes on from there', async () => {
  const registry = new Registry()
  const { onFound, onRestart } = createTallies(registry, [])
  onFound('web')
  onRestart('web')
  onFound('web')
  expect(await samplesOf(registry)).toContain('limits_lab_restarts_total{service="web"} 1')
  expect(await samplesOf(registry)).toHaveLength(10)
})

test.each([
  [true, 0, /^container_scrape_error 0$/m],
  [true, 2, /^container_scrape_error 1$/m],
  [false, 0, /^(?![^]*container_)/]
])('where cgroups are seen = %p, with %d containers that are faulty', async (isMeasuring, unreadable, text) => {
  const sampling = new Ticker('', 4, () => {}, capturedLog().log)
  const observer = { containers: [], newest: () => null, unreadable, strangers: 0, isMeasuring, sampling }
  const routes = metricsRoutes({ registry: new Registry(), observer, streams: new Streams(1), images: new Map() })
  expect((await request(express().use(routes)).get('/metrics')).text).toMatch(text)
})

test('a kill is counted for its service, its victim and its cause', async () => {
  const registry = new Registry()
  const kill: DecidedKill = {
    kills: 2,
    cause: 'not_own_limit',
    victim: 'child',
    peakBytes: null,
    peakFrom: null,
    limitBytes: null
  }
  createTallies(registry, ['api']).onKills('api', kill)
  expect((await samplesOf(registry)).filter(line => !line.endsWith(' 0')))
    .toEqual(['limits_lab_oom_kills_total{service="api",victim="child",cause="not_own_limit"} 2'])
})

async function samplesOf (registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
}
