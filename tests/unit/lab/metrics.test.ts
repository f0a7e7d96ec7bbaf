import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import { createTallies } from '../../../services/lab/metrics.ts'

/** Prometheus sees no rise in a counter that was not there before it. */
test('kills and restarts of every service are counted from 0, before there are any', async () => {
  const registry = new Registry()
  createTallies(registry, ['api', 'worker'])
  expect(await samplesOf(registry)).toEqual([
    'limits_lab_oom_kills_total{service="api",victim="child"} 0',
    'limits_lab_oom_kills_total{service="api",victim="pid1"} 0',
    'limits_lab_oom_kills_total{service="worker",victim="child"} 0',
    'limits_lab_oom_kills_total{service="worker",victim="pid1"} 0',
    'limits_lab_restarts_total{service="api"} 0',
    'limits_lab_restarts_total{service="worker"} 0'
  ])
})

async function samplesOf (registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
}
