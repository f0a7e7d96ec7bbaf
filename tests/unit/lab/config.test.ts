import { expect, test } from '@jest/globals'
import { readConfig } from '#lab/config.ts'

const needed = { DATABASE_URL: 'postgres://lab@127.0.0.1/lab' }

test('without other settings the lab watches the five services four times a second', () => {
  expect(readConfig(needed)).toMatchObject({
    port: 8080,
    hz: 4,
    keepSeconds: 900,
    maxContainers: 128,
    maxStreams: 32,
    services: ['api', 'worker', 'postgres', 'redis', 'lab'],
    allowedHosts: []
  })
})

test('an empty setting is one that is not set', () => {
  expect(readConfig({ ...needed, LAB_HZ: '', LAB_SERVICES: '', PORT: '' })).toMatchObject({ hz: 4, port: 8080, services: expect.arrayContaining(['api']) })
})

test('lists are separated by spaces or commas, images are named by service', () => {
  const { services, images, allowedHosts } = readConfig({
    ...needed,
    LAB_SERVICES: 'web, db',
    LAB_IMAGES: 'web=registry.example:5000/web:1\n db=postgres:18',
    LAB_ALLOWED_HOSTS: 'lab.example.org, 10.0.0.1:8080'
  })
  expect([services, allowedHosts]).toEqual([
    ['web', 'db'],
    [
      { name: 'lab.example.org', port: null },
      { name: '10.0.0.1', port: 8080 }
    ]
  ])
  expect([...images]).toEqual([
    ['web', 'registry.example:5000/web:1'],
    ['db', 'postgres:18']
  ])
})

test('beside another project no service is named, and no Postgres is needed', () => {
  const { project, attached, services, databaseUrl, missing } =
    readConfig({ LAB_ATTACHED_TO: 'shop', LAB_NAMED: 'the-db=db', LAB_SERVICES: 'api' })
  expect([project, services, databaseUrl, missing]).toEqual(['shop', [], null, ['stack', 'broker']])
  expect(attached).toEqual({ name: 'shop', named: new Map([['the-db', 'db']]) })
  expect(readConfig({ ...needed, LAB_ATTACHED_TO: '' }).attached).toBeNull()
})

test('the lab\'s settings with several faults are refused with all of them', () => {
  expect(() => readConfig({ LAB_HZ: '21', LAB_MAX_STREAMS: 'many', LAB_ALLOWED_HOSTS: '*' }))
    .toThrow(/LAB_ALLOWED_HOSTS .*; LAB_HZ .*; LAB_MAX_STREAMS .*; DATABASE_URL is not set/)
})

test('without a broker limits cannot be changed, so that is missing', () => {
  const missing = (limitsSocket: string) => readConfig({ ...needed, LIMITS_SOCKET: limitsSocket }).missing
  expect([missing(''), missing('/run/limits/limits.sock')]).toEqual([['broker'], []])
})
