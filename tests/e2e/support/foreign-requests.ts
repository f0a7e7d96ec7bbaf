import { proper, type RawRequest } from './http-text.ts'
import type { Seeded } from './seeded.ts'
import type { RawAnswer } from './send-bytes.ts'

/** Where the requests go: Host is `127.0.0.1:<port>`, unless a wrong Host is being tested. */
export interface Target { service: 'api' | 'lab', port: number }

const refusals = new Set(['400 several_hosts', '403 foreign_origin', '421 foreign_host'])

type Maker = (random: Seeded, target: Target) => RawRequest
interface Parts { method: string, path: string, headers?: Record<string, string>, body?: string }

const ID = '019ab000-0000-7000-8000-000000000001'
const json = { 'Content-Type': 'application/json' }
const job = { method: 'POST', headers: json, body: '{"kind":"noop"}' }

/** Requests that a service's own page or a command may send, and a foreign page may not. */
const wanted: Record<Target['service'], Parts[]> = {
  api: [
    { ...job, path: '/jobs' }, { ...job, path: '/JOBS/' }, ...gets('/jobs', `/jobs/${ID}`, '/work/cpu?ms=5', '/WORK/cpu?ms=5', '/work/memory?mib=1', '/whoami',
      '/cgroup', '/CGROUP', '/nowhere', '//docs', '/docs/start.js'),
    { method: 'DELETE', path: `/jobs/${ID}` }, { method: 'PUT', path: `/work/marker/${ID}` }, { method: 'OPTIONS', path: '/jobs' }, { method: 'POST', path: '/docs' }
  ],
  lab: [
    { ...job, path: '/api/jobs' },
    { ...job, path: '/API/jobs' },
    { method: 'DELETE', path: `/api/jobs/${ID}` },
    {
      method: 'POST',
      path: '/api/loads',
      headers: json,
      body: '{"path":"/livez","ratesPerSecond":[1],"durationSeconds":1}'
    },
    { method: 'POST', path: '/api/experiments/cpu-limit/runs' },
    { method: 'OPTIONS', path: '/api/loads' },
    { method: 'POST', path: '/' },
    ...gets(
      '/api/containers',
      '/api/stream',
      '/API/stream',
      '/api/history?seconds=60',
      '/api/whoami',
      '/api/events',
      '/api/runs',
      '/api/loads',
      '/nowhere'
    )
  ]
}
const anybodys = gets('/metrics', '/livez', '/readyz')
const linked = { api: gets('/docs', '/openapi.json'), lab: gets('/') }

const strangers = [
  'evil.example',
  'rebound.example:80',
  '0.0.0.0',
  '10.0.0.1',
  '169.254.169.254',
  '192.168.1.10:8080',
  '[::2]',
  '[fe80::1]',
  '[::ffff:10.0.0.1]',
  '127.1',
  '2130706433',
  '0x7f000001',
  'host.docker.internal',
  'postgres',
  'local%68ost',
  'xn--localhost-x',
  'localhos',
  'ocalhost',
  '-',
  '_',
  ''
]

function foreignHost (random: Seeded, target: Target): RawRequest {
  const hosts = [random.pick(strangers), disguised(random, target), disguised(random, target), printable(random)]
  const host = random.pick(hosts)
  return requestOf(`the host ${host}`, anything(random, target), target, { ...cover(random, target), Host: host })
}

/** Our own names with additions, as an attacker would write them in the hope that only a part is compared. */
function disguised (random: Seeded, { service, port }: Target): string {
  const own = random.pick(['localhost', '127.0.0.1', '[::1]', service])
  const word = random.pick(['evil.example', 'x', 'localhost', String(random.whole(0, 65535))])
  return random.pick([
    `${own}.evil.example`,
    `evil-${own}`,
    `evil.${own}:${port}`,
    `${own}@${word}`,
    `${word}@${own}`,
    `${own}#${word}`,
    `${own}/${word}`,
    `${own}\\${word}`,
    `${own},${word}`,
    `${own} ${word}`,
    `${own}:${port}:${port}`,
    `${own}:${random.whole(65_536, 99_999)}`,
    `${own}:-1`,
    `${own}:${port}x`,
    `http://${own}`,
    `*.${own}`,
    `..${own}`,
    `${own}..`,
    `"${own}"`,
    `[${own}]`,
    `${own}%00`,
    `${own};`
  ])
}

function severalHosts (random: Seeded, target: Target): RawRequest {
  const hosts = random.pick([[own(target), 'evil.example'], ['evil.example', own(target)], [own(target), own(target)]])
  const { bytes, ...rest } = requestOf('two hosts', anything(random, target), target, { Host: hosts[0]! })
  const text = bytes.toString('latin1').replace('\r\n', `\r\n${random.pick(['Host', 'host', 'HOST'])}: ${hosts[1]}\r\n`)
  return { ...rest, bytes: Buffer.from(text, 'latin1') }
}

/** The address in the first line decides, whatever Host says. */
function foreignTarget (random: Seeded, target: Target): RawRequest {
  const parts = anything(random, target)
  const authority = random.pick(['evil.example', 'evil.example:80', 'u:p@evil.example', `${own(target)}@evil.example`, `u@${own(target)}`, `evil.${own(target)}`, '10.0.0.1'])
  const scheme = random.pick(['http', 'https', 'HTTP', 'ftp', 'x'])
  return requestOf(
    `the target ${scheme}://${authority}`,
    { ...parts, path: `${scheme}://${authority}${parts.path}` },
    target,
    {}
  )
}

function foreignOrigin (random: Seeded, target: Target): RawRequest {
  const origin = random.pick([
    'null',
    '',
    `http://${random.pick(strangers)}`,
    `https://${random.pick(strangers)}`,
    `http://${disguised(random, target)}`,
    printable(random),
    `http://localhost:${target.port}`,
    `http://127.0.0.1:${target.port + 1}`,
    'http://127.0.0.1',
    'https://127.0.0.1',
    `ws://${own(target)}`,
    `file://${own(target)}`,
    `chrome-extension://${own(target)}`,
    `http://${own(target)}/`,
    `http://${own(target)}, http://evil.example`,
    `http://evil.example http://${own(target)}`,
    own(target)
  ])
  return requestOf(
    `the origin ${origin}`,
    random.pick([...wanted[target.service], ...linked[target.service]]),
    target,
    { ...siteOf(random), Origin: origin }
  )
}

function foreignSite (random: Seeded, target: Target): RawRequest {
  const site = random.pick([
    'cross-site',
    'cross-site',
    'same-site',
    'Cross-Site',
    'Same-Origin',
    'same-origin, cross-site',
    'none,cross-site',
    'same-origin;x',
    'x',
    ''
  ])
  const fetched = {
    'Sec-Fetch-Mode': random.pick(['navigate', 'no-cors', 'cors', 'websocket']),
    'Sec-Fetch-Dest': random.pick(['document', 'image', 'empty', 'iframe', 'script'])
  }
  const origin: Record<string, string> = random.next() < 0.5 ? {} : { Origin: `http://${own(target)}` }
  return requestOf(`Sec-Fetch-Site: ${site}`, random.pick(wanted[target.service]), target, {
    ...fetched,
    ...origin,
    'Sec-Fetch-Site': site
  })
}

/** Other headers, some of which suggest that the request is legitimate. */
function cover (random: Seeded, target: Target): Record<string, string> {
  return random.pick([{}, { Origin: `http://${own(target)}`, 'Sec-Fetch-Site': 'same-origin' }, { 'X-Forwarded-Host': own(target) }, { Forwarded: `host=${own(target)}` },
    { 'X-Original-Host': own(target), Referer: `http://${own(target)}/` }, { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }] as Array<Record<string, string>>)
}

function siteOf (random: Seeded): Record<string, string> {
  return random.pick([
    {},
    { 'Sec-Fetch-Site': 'same-origin' },
    { 'Sec-Fetch-Site': 'none' },
    { 'Sec-Fetch-Site': 'cross-site' }
  ] as Array<Record<string, string>>)
}

function anything (random: Seeded, { service }: Target): Parts {
  return random.pick([...wanted[service], ...anybodys, ...linked[service]])
}

function requestOf (
  what: string,
  { method, path, headers, body = '' }: Parts,
  target: Target,
  about: Record<string, string>
): RawRequest {
  const parts = { method, path, body, headers: { Host: own(target), ...headers, ...about } }
  return proper(`${method} ${path} of the ${target.service} with ${what}`, parts)
}

function own ({ port }: Target): string { return `127.0.0.1:${port}` }
function gets (...paths: string[]): Parts[] { return paths.map(path => ({ method: 'GET', path })) }

/** It ends in a letter, because space around a value does not belong to it. */
function printable (random: Seeded): string {
  return (
    Array.from({ length: random.whole(1, 30) }, () =>
      String.fromCharCode(random.pick([random.whole(33, 126), random.whole(128, 255)]))
    ).join('') + 'x'
  )
}

export const foreignRequests: Maker[] = [
  foreignHost, foreignHost, severalHosts, foreignTarget, foreignOrigin, foreignOrigin, foreignSite
]

/** `null` if the guard itself refused it: anything behind the guard may have done something before it refused. */
export function refusalFault (answer: RawAnswer | null): string | null {
  if (answer === null) return 'closed without an answer'
  const { status, contentType, body } = answer
  const code = contentType.startsWith('application/problem+json') ? (JSON.parse(body) as { code: string }).code : 'no problem document'
  return refusals.has(`${status} ${code}`) ? null : `${status} ${code} ${body.slice(0, 200)}`
}
