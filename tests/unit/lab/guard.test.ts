import { expect, test } from '@jest/globals'
import { refusalOf, type Caller } from '../../../services/lab/guard.ts'

const allowed = new Set(['localhost', '127.0.0.1', '[::1]', 'lab'])
const page: Caller = { method: 'GET', path: '/api/containers', host: 'localhost:8080', origin: undefined, secFetchSite: undefined }
const refused = (caller: Partial<Caller>) => refusalOf({ ...page, ...caller }, allowed)?.details.code ?? null

test.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:9', '[::1]', '[::1]:8080', 'lab:8080'])('host %s is the lab\'s', host => {
  expect(refused({ host })).toBeNull()
})

test.each([undefined, '', 'evil.example', 'localhost.evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '10.0.0.1:8080', '[::2]'])(
  'host %s is foreign', host => {
    expect(refused({ host })).toBe('foreign_host')
    expect(refused({ host, path: '/metrics' })).toBe('foreign_host')
  })

test.each<[string, Partial<Caller>, string | null]>([
  ['a client that is no browser', { method: 'POST', path: '/api/jobs' }, null],
  ['the page itself', { method: 'POST', path: '/api/jobs', origin: 'http://localhost:8080', secFetchSite: 'same-origin' }, null],
  ['a typed address', { path: '/', secFetchSite: 'none' }, null],
  ['a link from elsewhere to the page', { path: '/', secFetchSite: 'cross-site' }, null],
  ['a scraper with whatever origin', { path: '/metrics', origin: 'http://evil.example' }, null],
  ['another site that reads', { origin: 'http://evil.example' }, 'foreign_origin'],
  ['another site that posts', { method: 'POST', path: '/api/jobs', origin: 'http://evil.example' }, 'foreign_origin'],
  ['another site that posts without telling', { method: 'POST', path: '/api/jobs', secFetchSite: 'cross-site' }, 'foreign_origin'],
  ['another site that opens streams as pictures', { path: '/api/stream', secFetchSite: 'cross-site' }, 'foreign_origin'],
  ['another port of this machine', { origin: 'http://localhost:3000' }, 'foreign_origin'],
  ['another port of this machine, without telling', { secFetchSite: 'same-site' }, 'foreign_origin'],
  ['a file on disk', { origin: 'null' }, 'foreign_origin'],
  ['another site that posts to /metrics', { method: 'POST', path: '/metrics', origin: 'http://evil.example' }, 'foreign_origin']
])('%s', (_case, caller, code) => {
  expect(refused(caller)).toBe(code)
})
