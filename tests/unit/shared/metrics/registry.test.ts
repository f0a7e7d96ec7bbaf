import { expect, test } from '@jest/globals'
import { createRegistry } from '#shared/metrics/registry.ts'

test('what Node reports about itself has the names that counters and gauges should have', async () => {
  const metrics = await createRegistry().getMetricsAsJSON()
  expect(metrics.length).toBeGreaterThan(20)
  const misnamed = metrics.filter(({ name, type }) => (String(type) === 'counter') !== name.endsWith('_total'))
  expect(misnamed.map(({ name }) => name)).toEqual([])
})

test('what keeps Node busy is reported once, by type', async () => {
  const names = (await createRegistry().getMetricsAsJSON()).map(({ name }) => name)
  expect(names.filter(name => name.startsWith('nodejs_active_'))).toEqual(['nodejs_active_resources'])
})
