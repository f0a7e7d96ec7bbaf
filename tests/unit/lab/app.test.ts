import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import request from 'supertest'
import type { PeerRequest } from '#lab/peers/peer.ts'
import { historySeries } from '#lab/wire/live.ts'
import { parseAuthority } from '#shared/http/authority.ts'
import { until } from '#support/until.ts'
import { fakeApp } from '../api/support/fake-app.ts'
import { fakeLab } from './support/fake-app.ts'

const directories: string[] = []
afterEach(() => { for (const path of directories.splice(0)) rmSync(path, { recursive: true }) })

function builtPage (): string {
  const path = mkdtempSync(join(tmpdir(), 'page-'))
  directories.push(path)
  mkdirSync(join(path, 'assets'))
  writeFileSync(join(path, 'index.html'), '<!doctype html><title>limits-lab</title>')
  writeFileSync(join(path, 'assets/main-abc123.js'), 'export {}')
  return path
}

describe('the lab', () => {
  test.each([
    '/api/containers',
    '/api/events',
    '/api/jobs',
    '/api/whoami',
    '/api/history',
    '/api/loads',
    '/livez',
    '/readyz',
    '/metrics'
  ])('answers %s', async path => {
    const res = await request(fakeLab().app).get(path)
    expect(res.status).toBe(200)
    expect(res.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/)
    })
    expect(res.headers).not.toHaveProperty('x-powered-by')
  })

  test.each([
    ['an unknown path', '/api/nothing', {}, 404, 'unknown_path'],
    ['a foreign host', '/api/containers', { Host: 'evil.example' }, 421, 'foreign_host'],
    ['a foreign origin', '/api/containers', { Origin: 'http://evil.example' }, 403, 'foreign_origin'],
    ['another site\'s picture, in letters the router takes too', '/API/stream', { 'Sec-Fetch-Site': 'cross-site' }, 403, 'foreign_origin'],
    ['a step that is no number', '/api/history?step=abc', {}, 400, 'invalid_request'],
    ['no step', '/api/history?step=0', {}, 400, 'invalid_request'],
    ['a page that is not built', '/', {}, 503, 'page_not_built'],
    ['what is above the page', '/..%2fpackage.json', {}, 404, 'unknown_path']
  ])('refuses %s as a problem', async (_case, path, headers, status, code) => {
    const res = await request(fakeLab().app).get(path).set(headers)
    expect([res.status, res.body.code, res.type]).toEqual([status, code, 'application/problem+json'])
  })

  test('case 12: takes a job from its page behind a proxy that renames the host, once its name is allowed', async () => {
    const api = () => ({ status: 202, text: '{}' })
    const ask = (allowed: string) =>
      request(fakeLab({ api, allowedHosts: allowed === '' ? [] : [parseAuthority(allowed)!] }).app)
        .post('/api/jobs')
        .set({ Host: '127.0.0.1:8080', Origin: 'https://lab.example.org', 'Sec-Fetch-Site': 'same-origin' })
        .type('json')
        .send('{"kind":"noop"}')
    expect((await ask('lab.example.org')).status).toBe(202)
    expect(await ask('')).toMatchObject({ status: 403, body: { code: 'foreign_origin', detail: expect.stringContaining('LAB_ALLOWED_HOSTS') } })
    expect((await ask('other.example.org')).status).toBe(403)
  })

  test.each([
    ['get', '/api/jobs'], ['post', '/api/jobs'], ['get', '/api/jobs/a'], ['delete', '/api/jobs/a'], ['get', '/api/whoami']
  ] as const)('beside another project says why it cannot %s %s, and asks nobody', async (method, path) => {
    const api = () => { throw new Error('asked') }
    const res = await request(fakeLab({ api, attachedTo: 'shop' }).app)[method](path)
    const detail = expect.stringContaining('attached to shop')
    expect(res.body).toMatchObject({ status: 409, code: 'attached', detail })
  })

  test('answers a link on any page with its own page, and refuses such a link to anything else', async () => {
    const { app } = fakeLab({ webAssets: builtPage() })
    const follow = (path: string) => request(app).get(path).set('Sec-Fetch-Site', 'cross-site')
    expect((await follow('/')).status).toBe(200)
    expect((await follow('/assets/main-abc123.js')).status).toBe(403)
  })

  test('answers 405 to a method that a path does not have, and names those that it has', async () => {
    const res = await request(fakeLab().app).post('/api/containers')
    expect([res.status, res.headers.allow]).toEqual([405, 'GET'])
  })

  test('serves the page anew each time, and for ever what is named by its content', async () => {
    const { app } = fakeLab({ webAssets: builtPage() })
    expect((await request(app).get('/')).headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8'
    })
    expect((await request(app).get('/assets/main-abc123.js')).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable'
    )
  })

  test('gives the history in columns', async () => {
    const { body } = await request(fakeLab().app).get('/api/history?seconds=60')
    expect(body).toMatchObject({
      newest: { seq: 7, at: expect.any(String), uptimeSeconds: expect.any(Number) },
      at: [expect.any(Number)],
      containers: [{ name: 'lab-api-1', series: { cpuCores: [0.5], pids: [0.5] } }]
    })
    expect(Object.keys(body.containers[0].series)).toEqual([...historySeries])
  })

  test('prints all containers and itself as metrics', async () => {
    const { app, tallies } = fakeLab()
    tallies.onKills('api', {
      kills: 2,
      cause: 'own_limit',
      victim: 'child',
      peakBytes: null,
      peakFrom: null,
      limitBytes: null
    })
    tallies.onRestart('api')
    const { text } = await request(app).get('/metrics')
    expect(text).toMatch(
      /^container_memory_usage_bytes\{id="\/docker\/a1.*name="lab-api-1",image="limits-lab-api:dev",container="api".*\} 101$/m
    )
    expect(text).toMatch(/^limits_lab_oom_kills_total\{service="api",victim="child",cause="own_limit"\} 2$/m)
    expect(text).toMatch(/^limits_lab_restarts_total\{service="api"\} 1$/m)
    expect(text).toMatch(/^limits_lab_strangers 3$/m)
    expect(text).toMatch(/^container_scrape_error 0$/m)
  })

  test('opens at most as many streams as allowed', async () => {
    const res = await request(fakeLab({ maxStreams: 0 }).app).get('/api/stream')
    expect([res.status, res.body.code]).toEqual([503, 'too_many_streams'])
  })

  test('opens no stream while it stops: one that came now would keep the lab from ending', async () => {
    const { app, streams } = fakeLab()
    streams.close()
    const res = await request(app).get('/api/stream')
    expect([res.status, res.body.code]).toEqual([503, 'stopping'])
  })

  test('greets a stream with all it needs to draw', async () => {
    const { app, events, streams } = fakeLab()
    const event = (text: string) =>
      ({ kind: 'gone', containerId: 'a', service: 'api', name: 'lab-api-1', text, oom: null }) as const
    events.add(event('one'))
    events.add(event('two'))
    until(() => streams.size === 1, { what: 'the stream' }).then(() => streams.close())
    const { text, headers } = await request(app).get('/api/stream')
      .set('Last-Event-ID', '1000').buffer(true).parse((res, done) => {
        let text = ''
        res.setEncoding('utf8')
        res.on('data', chunk => { text += chunk }).on('end', () => done(null, text))
      }).then(res => ({ text: String(res.body), headers: res.headers }))
    expect(headers['content-type']).toMatch(/^text\/event-stream/)
    expect([...text.matchAll(/^event: (\w+)$/gm)].map(match => match[1])).toEqual([
      'hello',
      'sample',
      'sampler',
      'limits',
      'event',
      'jobs'
    ])
    expect(text).toMatch(/^retry: 1000\n/)
    expect(text).toMatch(/^id: 1001\nevent: event\ndata: .*"two"/m)
  })
})

describe('a job', () => {
  test('is posted to the API as it came, and its answer passed on', async () => {
    const asked: unknown[] = []
    const { app } = fakeLab({
      api: (path, question) => {
        asked.push([path, question])
        return { status: 202, text: '{"id":"7"}', headers: { location: '/jobs/7', 'content-type': 'application/json' } }
      }
    })
    const res = await request(app).post('/api/jobs').type('json').send('{"kind":"noop"}')
    expect([res.status, res.headers.location, res.body]).toEqual([202, '/api/jobs/7', { id: '7' }])
    expect(asked).toEqual([['/jobs', expect.objectContaining({ method: 'POST', body: '{"kind":"noop"}' })]])
  })

  test('is cancelled by its id', async () => {
    const asked: unknown[] = []
    const { app } = fakeLab({
      api: (path, question) => {
        asked.push([path, question?.method])
        return { status: 202, text: '{}' }
      }
    })
    expect((await request(app).delete('/api/jobs/0190-ab')).status).toBe(202)
    expect(asked).toEqual([['/jobs/0190-ab', 'DELETE']])
  })

  test.each([
    ['that is no JSON', 'text/plain', 'x', 415, 'not_json'],
    ['that is too large', 'application/json', `"${'x'.repeat(2000)}"`, 413, 'body_too_large'],
    ['while the API is away', 'application/json', '{}', 503, 'api_unavailable']
  ])('%s is refused', async (_case, type, body, status, code) => {
    const res = await request(fakeLab().app).post('/api/jobs').set('Content-Type', type).send(body)
    expect([res.status, res.body.code]).toEqual([status, code])
  })

  test.each([
    ['5', 'a number'],
    ['[]', 'an array'],
    ['null', 'null'],
    ['', 'nothing']
  ])("that is %j is refused in the API's words", async (body, what) => {
    const api = async (path: string, question?: PeerRequest) => {
      const { status, text, headers } = await request(fakeApp().app).post(path).type('json').send(question!.body)
      return { status, text, headers }
    }
    const res = await request(fakeLab({ api }).app).post('/api/jobs').type('json').send(body)
    expect([res.status, res.type, res.body.detail]).toEqual([400, 'application/problem+json', `body: expected a JSON object, got ${what}`])
  })

  test('with an id that is a path is refused', async () => {
    const res = await request(fakeLab().app).delete('/api/jobs/..%2f..%2fmetrics')
    expect([res.status, res.body.code]).toEqual([400, 'invalid_request'])
  })
})
