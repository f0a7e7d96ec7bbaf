import { expect, test } from '@jest/globals'
import { readConfig } from '#worker/config.ts'

const stores = { DATABASE_URL: 'postgres://postgres/lab', REDIS_URL: 'redis://redis:6379' }

test("the worker's settings, with only the stores given, are its defaults", () => {
  expect(readConfig(stores)).toMatchObject({
    port: 9464,
    workEndpoints: true,
    concurrency: 1,
    attempts: 3,
    drainMs: 6000,
    lockMs: 5000,
    runnerHeapMib: 0,
    scratch: '/scratch'
  })
})

test('the worker\'s settings, empty as Compose passes them on, are its defaults', () => {
  expect(readConfig({ ...stores, CONCURRENCY: '', ATTEMPTS: '', SCRATCH: '' })).toEqual(readConfig(stores))
})

test('the worker, by default, has drained before it must have shut down', () => {
  const { drainMs, shutdownMs } = readConfig(stores)
  expect(drainMs).toBeLessThan(shutdownMs)
})

test('the worker\'s settings with several faults are refused with all of them', () => {
  expect(() => readConfig({ REDIS_URL: 'redis', CONCURRENCY: '0', LOCK_MS: '5s' }))
    .toThrow(/DATABASE_URL is not set; REDIS_URL must be a URL; CONCURRENCY .*; LOCK_MS /)
})
