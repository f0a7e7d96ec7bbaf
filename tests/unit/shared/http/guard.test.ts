import { expect, test } from '@jest/globals'
import { parseAuthority } from '#shared/http/authority.ts'
import { Guard, type Caller } from '#shared/http/guard.ts'

const page: Caller = {
  method: 'GET', path: '/api/containers', hosts: ['localhost:8080'], origin: undefined, secFetchSite: undefined, localAddress: () => '172.18.0.5'
}

function refusal (caller: Partial<Caller>, allowed = '') {
  const allowedHosts = allowed.split(' ').filter(Boolean).map(text => parseAuthority(text)!)
  const guard = new Guard({ service: 'lab', setting: 'LAB_ALLOWED_HOSTS', allowedHosts, linked: ['/'] })
  return guard.refusalOf({ ...page, ...caller })?.details ?? null
}

const refused = (caller: Partial<Caller>, allowed?: string) => refusal(caller, allowed)?.code ?? null
const post = (host: string, origin: string, secFetchSite = 'same-origin'): Partial<Caller> => ({
  method: 'POST',
  path: '/api/jobs',
  hosts: [host],
  origin,
  secFetchSite
})

test.each([
  'localhost',
  'LOCALHOST:8080',
  'localhost.:8080',
  '127.0.0.1:9',
  '[::1]',
  '[::1]:8080',
  '[0:0::0:1]:8080',
  'lab:8080',
  'Lab'
])("host %s is the lab's", host => {
  expect(refused({ hosts: [host] })).toBeNull()
})

test.each([
  '',
  'evil.example',
  'localhost.evil.example',
  'evil.example:8080',
  '127.0.0.1.evil.example',
  '10.0.0.1:8080',
  '[::2]',
  'api:3000',
  '0.0.0.0:8080',
  'localhost@evil.example',
  'evil.example#localhost',
  'localhost evil.example',
  'localhost,evil.example',
  '127.1',
  'local%68ost'
])('host %j is foreign, for scrapers too', host => {
  expect(refused({ hosts: [host] })).toBe('foreign_host')
  expect(refused({ hosts: [host], path: '/metrics' })).toBe('foreign_host')
})

test('a request without a host is refused', () => {
  expect(refused({ hosts: [] })).toBe('foreign_host')
  expect(refused({ hosts: [], path: '/metrics' })).toBe('foreign_host')
})

test('a request with two hosts is a bad one, also where they are the same', () => {
  expect(refusal({ hosts: ['localhost', 'evil.example'] })).toMatchObject({ status: 400, code: 'several_hosts' })
  expect(refusal({ hosts: ['localhost', 'localhost'], path: '/metrics' })).toMatchObject({ status: 400, code: 'several_hosts' })
})

test('a foreign host is answered with the names there are, and with the setting that adds one', () => {
  expect(refusal({ hosts: ['evil.example:8080'] })).toMatchObject({
    status: 421,
    detail: 'The lab has no name "evil.example:8080". Its names are localhost, 127.0.0.1, [::1], lab; LAB_ALLOWED_HOSTS adds others.'
  })
  expect(refusal({ hosts: ['x'.repeat(10_000)] })!.detail.length).toBeLessThan(300)
})

test.each<[string, string, boolean]>([
  ['lab.example.org', 'lab.example.org', true],
  ['lab.example.org', 'LAB.example.org.:8443', true],
  ['LAB.Example.ORG.', 'lab.example.org', true],
  ['lab.example.org', 'sub.lab.example.org', false],
  ['lab.example.org:8443', 'lab.example.org:8443', true],
  ['lab.example.org:8443', 'lab.example.org:9443', false],
  ['lab.example.org:8443', 'lab.example.org', false],
  ['lab.example.org:443', 'lab.example.org', true],
  ['lab.example.org:80', 'lab.example.org', true],
  ['[2001:db8::1]', '[2001:DB8:0::1]:8080', true]
])('with %s allowed, whether host %s is the lab\'s: %j', (allowed, host, isOurs) => {
  expect(refused({ hosts: [host] }, allowed)).toBe(isOurs ? null : 'foreign_host')
})

test.each<[string, Partial<Caller>, string | null]>([
  ['a scraper that asks the address it reached', { path: '/metrics', hosts: ['172.18.0.5:8080'] }, null],
  ['the same, of a socket that speaks IPv6 too', { path: '/livez', hosts: ['172.18.0.5:8080'], localAddress: () => '::ffff:172.18.0.5' }, null],
  ['a scraper over IPv6', { path: '/readyz', hosts: ['[fd00:0::5]:8080'], localAddress: () => 'fd00::5' }, null],
  ['anything else at that address, which a browser would not mark', { hosts: ['172.18.0.5:8080'] }, 'foreign_host'],
  ['a post to it', { method: 'POST', path: '/metrics', hosts: ['172.18.0.5:8080'] }, 'foreign_host'],
  ['a scraper whose connection has ended', { path: '/metrics', hosts: ['172.18.0.5'], localAddress: () => undefined }, 'foreign_host']
])('%s', (_case, caller, code) => {
  expect(refused(caller)).toBe(code)
})

test.each<[string, Partial<Caller>, string | null]>([
  ['a client that is no browser', { method: 'POST', path: '/api/jobs' }, null],
  ['the page itself', post('localhost:8080', 'http://localhost:8080'), null],
  ['the page itself, behind something that speaks TLS', post('localhost:8080', 'https://localhost:8080'), null],
  ['the page itself on the default port, said or not', post('localhost', 'http://localhost:80'), null],
  ['the page itself on the default port of TLS, said by Host only', post('localhost:443', 'https://localhost'), null],
  ['the page itself in other letters', post('LOCALHOST:8080', 'http://localhost:8080'), null],
  ['a typed address', { path: '/', secFetchSite: 'none' }, null],
  ['a link from elsewhere to the page', { path: '/', secFetchSite: 'cross-site' }, null],
  ['a scraper with whatever origin', { path: '/metrics', origin: 'http://evil.example' }, null],
  ['another site that reads', { origin: 'http://evil.example' }, 'foreign_origin'],
  ['another site that reads the page', { path: '/', origin: 'http://evil.example' }, 'foreign_origin'],
  ['another site that posts', { method: 'POST', path: '/api/jobs', origin: 'http://evil.example' }, 'foreign_origin'],
  ['another site that posts without an Origin', { method: 'POST', path: '/api/jobs', secFetchSite: 'cross-site' }, 'foreign_origin'],
  ['another site that posts to the page', { method: 'POST', path: '/', secFetchSite: 'cross-site' }, 'foreign_origin'],
  ['another site that opens streams as pictures', { path: '/api/stream', secFetchSite: 'cross-site' }, 'foreign_origin'],
  ['the same in letters that the router takes too', { path: '/API/stream', secFetchSite: 'cross-site' }, 'foreign_origin'],
  ['a link to what no list names', { path: '/assets/main.js', secFetchSite: 'cross-site' }, 'foreign_origin'],
  ['two answers where one belongs', { secFetchSite: 'none, cross-site' }, 'foreign_origin'],
  ['an unknown word', { secFetchSite: 'Same-Origin' }, 'foreign_origin'],
  ['another port of this machine', { origin: 'http://localhost:3000' }, 'foreign_origin'],
  ['another port of this machine, without an Origin', { secFetchSite: 'same-site' }, 'foreign_origin'],
  ['another port of this machine by another name', post('127.0.0.1:8080', 'http://localhost:5173'), 'foreign_origin'],
  ['another port where Host has none', post('localhost', 'http://localhost:8080'), 'foreign_origin'],
  ['TLS on the port of plain HTTP', post('localhost:80', 'https://localhost'), 'foreign_origin'],
  ['a file on disk', { origin: 'null' }, 'foreign_origin'],
  ['an origin that only begins like ours', { origin: 'http://localhost:8080.evil.example' }, 'foreign_origin'],
  ['two origins', { origin: 'http://localhost:8080, http://evil.example' }, 'foreign_origin'],
  ['another site that asks for permission first', { method: 'OPTIONS', path: '/api/jobs', origin: 'http://evil.example' }, 'foreign_origin'],
  ['another site that posts to /metrics', { method: 'POST', path: '/metrics', origin: 'http://evil.example' }, 'foreign_origin']
])('%s', (_case, caller, code) => {
  expect(refused(caller)).toBe(code)
})

test('case 12: behind a proxy that renames the host, a page whose name is allowed is welcome', () => {
  expect(refused(post('127.0.0.1:8080', 'https://lab.example.org'), 'lab.example.org')).toBeNull()
})

test('case 12: without the setting it is refused, with the setting that would help', () => {
  expect(refusal(post('127.0.0.1:8080', 'https://lab.example.org'))).toMatchObject({
    status: 403,
    code: 'foreign_origin',
    detail: 'Only the lab\'s own page may ask this from a browser. If https://lab.example.org is the lab behind a proxy, put lab.example.org into LAB_ALLOWED_HOSTS.'
  })
})

test.each<[string, Partial<Caller>, string, string | null]>([
  ['on a port of its own, any being allowed', post('lab:8080', 'https://lab.example.org:8443'), 'lab.example.org', null],
  ['on the one port that is allowed', post('127.0.0.1:8080', 'https://lab.example.org:8443'), 'lab.example.org:8443', null],
  ['on the default port, which is allowed', post('127.0.0.1:8080', 'https://lab.example.org'), 'lab.example.org:443', null],
  ['in other letters', post('[::1]:8080', 'https://lab.example.org'), 'LAB.example.org.', null],
  ['where the proxy drops the port, which is allowed', post('lab.example.org', 'https://lab.example.org:8443'), 'lab.example.org lab.example.org:8443', null],
  ['on another port than the one allowed', post('127.0.0.1:8080', 'https://lab.example.org'), 'lab.example.org:8443', 'foreign_origin'],
  ['of another name', post('127.0.0.1:8080', 'https://evil.example'), 'lab.example.org', 'foreign_origin'],
  ['of a name below it', post('127.0.0.1:8080', 'https://evil.lab.example.org'), 'lab.example.org', 'foreign_origin'],
  ['of another site, as the browser says', post('127.0.0.1:8080', 'https://lab.example.org', 'cross-site'), 'lab.example.org', 'foreign_origin'],
  ['of another port, with a host that was not renamed', post('lab.example.org:8080', 'http://lab.example.org:3000'), 'lab.example.org', 'foreign_origin'],
  ['of this machine, whose names need no setting', post('127.0.0.1:8080', 'http://localhost:5173'), 'localhost lab 127.0.0.1', 'foreign_origin'],
  ['of this machine, on a port that is allowed', post('127.0.0.1:8080', 'http://localhost:5173'), 'localhost:5173', null]
])('case 12: a page %s', (_case, caller, allowed, code) => {
  expect(refused(caller, allowed)).toBe(code)
})

test('a page whose port is not the one of Host is given the name with its port', () => {
  expect(refusal(post('lab.example.org', 'https://lab.example.org:8443'), 'lab.example.org')?.detail).toMatch(
    /put lab\.example\.org:8443 into LAB_ALLOWED_HOSTS\.$/
  )
})

test('a request that hides its origin is given no setting', () => {
  expect(refusal({ method: 'POST', origin: 'null' })?.detail).toBe(
    "Only the lab's own page may ask this from a browser."
  )
})

test('a host is the lab\'s after many others were', () => {
  const guard = new Guard({ service: 'lab', setting: 'LAB_ALLOWED_HOSTS', allowedHosts: [], linked: [] })
  for (let port = 1; port < 1000; port++) expect(guard.refusalOf({ ...page, hosts: [`localhost:${port}`] })).toBeNull()
  expect(guard.refusalOf({ ...page, hosts: ['localhost:1000'] })).toBeNull()
  expect(guard.refusalOf({ ...page, hosts: ['evil.example'] })).not.toBeNull()
})
