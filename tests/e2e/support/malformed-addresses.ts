import { broken, proper, type RawRequest } from './http-text.ts'
import type { Seeded } from './seeded.ts'

type Maker = (random: Seeded) => RawRequest

const ID = '01890a5d-ac96-774b-bcce-b302099a8057'

function wrongMethod (random: Seeded): RawRequest {
  const [path, allowed] = random.pick([
    ['/jobs', 'GET POST'],
    [`/jobs/${ID}`, 'GET DELETE'],
    ['/metrics', 'GET'],
    ['/livez', 'GET'],
    ['/readyz', 'GET'],
    ['/whoami', 'GET'],
    ['/cgroup', 'GET'],
    ['/openapi.json', 'GET'],
    ['/docs', 'GET'],
    ['/work/cpu', 'GET'],
    ['/work/memory', 'GET']
  ] as const)
  const methods = [
    'GET',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'TRACE',
    'PROPFIND',
    'MKCOL',
    'LOCK',
    'REPORT',
    'M-SEARCH',
    'PURGE'
  ]
  const method = random.pick(methods.filter(method => !allowed.split(' ').includes(method)))
  return proper(`${method} ${path}`, { method, path })
}

function unknownPath (random: Seeded): RawRequest {
  const path = random.pick([
    '/',
    '/admin',
    '/.env',
    '/jobs/../../etc/passwd',
    '/docs/../main.js',
    '/docs/..%2f..%2fmain.js',
    '/docs/%2e%2e/dist/main.js',
    '//jobs//x',
    '/jobs/1/2',
    '/JOBS/x/y',
    '/metrics/x',
    '/secrets/postgres/password',
    '/docs/nothing.js',
    '/work',
    '/work/disk',
    '/*',
    '/\\',
    '/;',
    '/jobs;x=y/1',
    '/index.php?x=1',
    `/${'x'.repeat(random.whole(100, 6000))}`,
    `/docs/${'x'.repeat(random.whole(100, 6000))}`,
    '/a/'.repeat(random.whole(2, 1000)),
    'http://elsewhere/x'
  ])
  return proper(`GET ${path.slice(0, 60)}`, { path })
}

function badEscape (random: Seeded): RawRequest {
  const bad = random.pick([
    '%',
    '%z',
    '%zz',
    '%2',
    '%c0%ae',
    '%ff',
    '%ed%a0%80',
    '%u0041',
    '%00',
    '%0d%0aX-Injected:%201'
  ])
  const path = random.pick([`/jobs/${bad}`, `/docs/${bad}`, `/${bad}`, `/jobs/${ID}${bad}`, `/${bad}/jobs`])
  return proper(`GET ${path}`, { path })
}

function badId (random: Seeded): RawRequest {
  const id = random.pick(['1', '-1', 'null', '__proto__', 'constructor', ID.slice(1), `${ID}0`, ID.replace('7', 'g'),
    ID.replaceAll('-', ''), `{${ID}}`, "'%20OR%201=1--", '%27;DROP%20TABLE%20jobs'])
  const method = random.pick(['GET', 'DELETE'])
  return proper(`${method} /jobs/${id}`, { method, path: `/jobs/${id}` })
}

function unknownId (random: Seeded): RawRequest {
  const id = ID.slice(0, 24) + random.bytes(6).toString('hex')
  return proper('a job that is not there', { method: random.pick(['GET', 'DELETE']), path: `/jobs/${id}` })
}

const wrongNumbers = [
  '',
  '-1',
  '0x10',
  '1e3',
  '1.5',
  '%20',
  '%2B5',
  'NaN',
  'Infinity',
  '99999999999999999999',
  'null',
  '5,6',
  '5;',
  '%00',
  '٣',
  '1_000'
]

function badQuery (random: Seeded): RawRequest {
  const value = encodeNonAscii(random.pick(wrongNumbers))
  const path = random.pick([
    `/work/cpu?ms=${value}`,
    `/work/memory?mib=${value}`,
    `/work/memory?mib=1&holdMs=${value}`,
    `/jobs?limit=${value}`,
    `/jobs?cursor=${value || 'x'}`,
    `/jobs?status=${value}`,
    `/jobs?kind=${value}`,
    '/jobs?limit=0',
    '/jobs?limit=101',
    '/jobs?limit=5&limit=6',
    '/jobs?limit[]=5',
    '/jobs?limit[a]=5',
    '/jobs?sort=id',
    '/jobs?__proto__=1',
    '/jobs?__proto__[limit]=5',
    '/work/cpu?ms=0',
    '/work/cpu?ms=2001',
    '/work/cpu?ms=5&ms=5',
    '/work/cpu?constructor=1',
    '/work/memory?mib=999999'
  ])
  return proper(`GET ${path}`, { path })
}

function encodeNonAscii (text: string): string {
  return text.replace(/[^ -~]/gu, encodeURIComponent)
}

function longQuery (random: Seeded): RawRequest {
  const path = `/jobs?${'a=1&'.repeat(random.whole(100, 2000))}`
  return proper('a long query', { path })
}

/** Strange headers without a meaning here, on a path that does not exist; they must not change the answer. */
function headerJunk (random: Seeded): RawRequest {
  const pairs = Array.from({ length: random.whole(1, 60) }, (_, i): [string, string] => [
    `X-${random.bytes(4).toString('hex')}-${i}`,
    junk(random)
  ])
  const known = random.pick([
    'Cookie',
    'Authorization',
    'Range',
    'If-None-Match',
    'Accept',
    'Accept-Encoding',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'Forwarded',
    'X-HTTP-Method-Override',
    'Upgrade',
    'Origin',
    'Referer',
    'Date',
    'Via'
  ])
  return proper(`junk in ${known}`, {
    path: '/nowhere',
    headers: { ...Object.fromEntries(pairs), [known]: junk(random) }
  })
}

/** Any byte but the controls, which are not allowed in a header. */
function junk (random: Seeded): string {
  return Array.from({ length: random.whole(1, 40) }, () => String.fromCharCode(random.pick([random.whole(33, 126),
    random.whole(128, 255)]))).join('')
}

function largeHead (random: Seeded): RawRequest {
  const { bytes } = proper('',
    random.next() < 0.5 ? { path: `/${'x'.repeat(20_000)}` } : { headers: { Cookie: 'x'.repeat(random.whole(17_000, 40_000)) } })
  return broken('a head that is too large', bytes)
}

export const malformedAddresses: Maker[] = [
  wrongMethod, unknownPath, badEscape, badId, unknownId, badQuery, badQuery, longQuery, headerJunk, largeHead
]
