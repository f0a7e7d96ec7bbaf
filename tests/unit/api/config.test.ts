import { expect, test } from '@jest/globals'
import { readConfig } from '#api/config.ts'

const stores = { DATABASE_URL: 'postgres://postgres/lab', REDIS_URL: 'redis://redis:6379' }

test('the api\'s settings, with only the stores given, are its defaults', () => {
  expect(readConfig(stores)).toMatchObject({
    port: 3000,
    workEndpoints: true,
    bodyBytes: 16_384,
    bounds: { cpuMs: 60_000, workCpuMs: 2000 }
  })
})

test('the api\'s settings, empty as Compose passes them on, are its defaults', () => {
  expect(readConfig({ ...stores, PORT: '', WORK_ENDPOINTS: '', MAX_CPU_MS: '' })).toEqual(readConfig(stores))
})

test('work on request can be switched off', () => {
  expect(readConfig({ ...stores, WORK_ENDPOINTS: 'off' }).workEndpoints).toBe(false)
})

test('the api\'s settings with several faults are refused with all of them', () => {
  expect(() => readConfig({ DATABASE_URL: 'x', WORK_ENDPOINTS: 'no', MAX_THREADS: '1e3' }))
    .toThrow(/DATABASE_URL must be a URL; REDIS_URL is not set; WORK_ENDPOINTS must be one of on, off.*; MAX_THREADS /)
})

test('a service that was given no cgroup and no network of its own knows that, and any other value is refused by name', () => {
  expect(readConfig(stores)).toMatchObject({ hasNoCgroup: false, hasNoNetwork: false })
  expect(readConfig({ ...stores, OWN_CGROUP: 'none', OWN_NETWORK: 'none' })).toMatchObject({
    hasNoCgroup: true,
    hasNoNetwork: true
  })
  expect(() => readConfig({ ...stores, OWN_CGROUP: '/', OWN_NETWORK: 'host' })).toThrow(
    'OWN_CGROUP must be empty or none, got "/"; OWN_NETWORK must be empty or none, got "host"'
  )
})
