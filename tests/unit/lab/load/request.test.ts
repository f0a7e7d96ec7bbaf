import { expect, test } from '@jest/globals'
import { attachedLoadRequest, loadRequest } from '#lab/load/request.ts'
import { check } from '#shared/http/request.ts'

const least = { path: '/work/cpu?ms=5', ratesPerSecond: [50] }

test('defaults are filled in', () => {
  expect(check(loadRequest, least)).toEqual({
    service: 'api',
    method: 'GET',
    path: '/work/cpu?ms=5',
    ratesPerSecond: [50],
    durationSeconds: 20,
    connections: 100,
    timeoutSeconds: 30
  })
})

test('a load with a body is a POST', () => {
  expect(check(loadRequest, { ...least, path: '/jobs', body: { kind: 'noop' } })).toMatchObject({
    method: 'POST',
    body: { kind: 'noop' }
  })
})

test.each<[string, object, string]>([
  ['no path', { path: undefined }, 'path: expected a path that begins with /'],
  ['an address', { path: 'http://example.org/' }, 'path: expected a path that begins with /'],
  ['a path that ends the line', { path: '/ HTTP/1.1\r\nHost: x' }, 'path: expected a path'],
  ['a path with a space', { path: '/a b' }, 'path: expected a path'],
  ['a path that is not ASCII', { path: '/ä' }, 'path: expected a path'],
  ['another service', { service: 'postgres' }, 'service: '],
  ['a service with a port', { service: 'api:22' }, 'service: '],
  ['no rate', { ratesPerSecond: [] }, 'ratesPerSecond: expected 1 to 10 rates'],
  ['too many rates', { ratesPerSecond: Array(11).fill(1) }, 'ratesPerSecond: expected 1 to 10 rates'],
  ['rate 0', { ratesPerSecond: [0] }, 'ratesPerSecond.0: expected a number from 0.1 to 10000'],
  ['too high a rate', { ratesPerSecond: [1, 10_001] }, 'ratesPerSecond.1: expected a number from 0.1 to 10000'],
  ['too long a duration', { durationSeconds: 601 }, 'durationSeconds: expected a number from 1 to 600'],
  ['half a connection', { connections: 1.5 }, 'connections: expected a whole number from 1 to 500'],
  ['too many connections', { connections: 501 }, 'connections: expected a whole number from 1 to 500'],
  ['no timeout', { timeoutSeconds: 0 }, 'timeoutSeconds: expected a number from 0.1 to 60'],
  ['a GET with a body', { method: 'GET', body: {} }, 'body: only a POST has a body'],
  ['another method', { method: 'DELETE' }, 'method: '],
  ['a port', { port: 22 }, 'port'],
  ['an unknown field', { url: 'http://example.org' }, 'url']
])('%s is refused', (_case, given, detail) => {
  expect(() => check(loadRequest, { ...least, ...given })).toThrow(detail)
})

const found = ['db', 'web']
const beside = (given: object) => check(attachedLoadRequest(() => found), { ...least, ...given })

test('beside another project a load is for a service that was found, at its port', () => {
  expect(beside({ service: 'web', port: 8000 })).toMatchObject({ service: 'web', port: 8000, method: 'GET' })
})

test('a service that is found later is one that was found', () => {
  const later: string[] = []
  const schema = attachedLoadRequest(() => later)
  expect(() => check(schema, { ...least, service: 'web', port: 80 })).toThrow('there is none yet')
  later.push('web')
  expect(check(schema, { ...least, service: 'web', port: 80 })).toMatchObject({ service: 'web' })
})

test.each<[string, object, string]>([
  ['a service that was not found', { service: 'api', port: 3000 }, 'service: expected a service that was found here: db, web'],
  ['an address', { service: '169.254.169.254', port: 80 }, 'service: '],
  ['a name with a port', { service: 'web:22', port: 80 }, 'service: '],
  ['no service', { port: 80 }, 'service: '],
  ['no port', { service: 'web' }, 'port: expected a whole number from 1 to 65535'],
  ['port 0', { service: 'web', port: 0 }, 'port: expected a whole number from 1 to 65535'],
  ['a path that is an address', { service: 'web', port: 80, path: 'http://example.org/' }, 'path: expected a path']
])('beside another project %s is refused', (_case, given, detail) => {
  expect(() => beside(given)).toThrow(detail)
})
