import { beforeAll, expect, test } from '@jest/globals'
import request from 'supertest'
import { anId, fakeApp } from './support/fake-app.ts'

interface Operation {
  summary?: string
  parameters?: Array<{ name: string, in: string, required: boolean, schema: Record<string, unknown> }>
  requestBody?: { content: Record<string, { schema: unknown, examples?: Record<string, { value: unknown }> }> }
  responses: Record<string, { description?: string, content?: Record<string, object> }>
}
interface Document {
  openapi: string
  info: Record<string, unknown>
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

let document: Document
let operations: Array<[path: string, method: string, operation: Operation]>
const { app } = fakeApp()

beforeAll(async () => {
  document = (await request(app).get('/openapi.json')).body
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, string, Operation] => [path, method, operation]))
})

function refsIn (value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => key === '$ref' ? [String(inner)] : refsIn(inner))
}

test('the document is OpenAPI 3.1 with what the specification requires', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.info).toMatchObject({ title: expect.any(String), version: '1.2.3' })
  for (const [path, method, { responses, summary }] of operations) {
    expect([path, method]).toEqual([expect.stringMatching(/^\//), expect.stringMatching(/^(get|put|post|delete)$/)])
    expect([path, typeof summary, Object.keys(responses).length > 0]).toEqual([path, 'string', true])
    for (const [status, { description }] of Object.entries(responses)) {
      expect([path, status, typeof description]).toEqual([path, expect.stringMatching(/^[2-5]\d\d$/), 'string'])
    }
  }
})

test('every reference leads somewhere in the document', () => {
  const refs = refsIn(document)
  expect(refs.length).toBeGreaterThan(0)
  for (const ref of refs) {
    const found = ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
    expect([ref, typeof found]).toEqual([ref, 'object'])
  }
})

test('every schema of the document is used, and none claims another dialect', () => {
  const used = new Set(refsIn(document).map(ref => ref.split('/').at(-1)))
  expect(Object.keys(document.components.schemas).filter(name => !used.has(name))).toEqual([])
  expect(JSON.stringify(document)).not.toContain('$schema')
})

test('every part of a path is a required path parameter, and the other way round', () => {
  for (const [path, method, { parameters = [] }] of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const described = parameters.filter(parameter => parameter.in === 'path')
    expect([path, method, described.map(({ name }) => name)]).toEqual([path, method, named])
    expect(described.every(({ required }) => required)).toBe(true)
  }
})

test('parameters with a default are optional, and have their bounds', () => {
  const limit = document.paths['/jobs']!.get!.parameters!.find(({ name }) => name === 'limit')!
  expect(limit).toMatchObject({
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 }
  })
  const ms = document.paths['/work/cpu']!.get!.parameters!.find(({ name }) => name === 'ms')!
  expect(ms).toMatchObject({ required: false, schema: { type: 'integer', minimum: 1, maximum: 2000 } })
})

test('every path of the document is served with its methods', async () => {
  for (const [path, method] of operations) {
    const req = request(app)[method as 'get' | 'put' | 'post' | 'delete'](path.replace('{id}', anId))
    const { status } = await (method === 'post' ? req.send({ kind: 'noop' }) : req)
    expect([path, method, Math.floor(status / 100)]).toEqual([path, method, 2])
  }
})

interface Layer {
  route?: { path: string | string[], methods: Record<string, boolean> }
  handle: { stack?: Layer[] }
  match (path: string): boolean
}

/** Where a layer of Express is mounted. It does not say so, but it matches its own path and not the root. */
function placeOf (layer: Layer): string {
  return ['/jobs', '/work'].find(place => layer.match(place) && !layer.match('/')) ?? ''
}

/** What is served, as `get /path/{id}`. A route of more methods than three is one that refuses them. */
function servedBy (stack: Layer[], place = ''): string[] {
  return stack.flatMap(layer => {
    if (!layer.route) return servedBy(layer.handle.stack ?? [], place + placeOf(layer))
    const { path, methods } = layer.route
    const served = Object.keys(methods).filter(method => method !== '_all')
    if (served.length > 3) return []
    const paths = [path].flat().map(path => (place + path).replace(/(.)\/$/, '$1').replace(/:(\w+)/g, '{$1}'))
    return served.flatMap(method => paths.map(path => `${method} ${path}`))
  })
}

test('every path that is served is in the document, but for the document itself and its page', () => {
  const described = operations.map(([path, method]) => `${method} ${path}`)
  const { router } = app as unknown as { router: { stack: Layer[] } }
  const served = servedBy(router.stack)
  expect(served).toEqual(expect.arrayContaining(described))
  expect(served.filter(entry => !described.includes(entry))).toEqual([
    'get /openapi.json',
    'get /docs',
    'get /docs/start.js'
  ])
})

test('every example of a request is accepted', async () => {
  const { examples } = document.paths['/jobs']!.post!.requestBody!.content['application/json']!
  for (const [name, { value }] of Object.entries(examples!)) {
    expect([name, (await request(app).post('/jobs').send(value as object)).status]).toEqual([name, 202])
  }
})

test('refusals are described as problem details', () => {
  for (const [path, , { responses }] of operations) {
    for (const [status, { content }] of Object.entries(responses)) {
      if (status >= '400' && path !== '/readyz') expect([path, status, Object.keys(content!)]).toEqual([path, status, ['application/problem+json']])
    }
  }
})

test('every operation may be refused for its host, and all but the open ones for the page that asks', () => {
  for (const [path, method, { responses }] of operations) {
    const isOpen = ['/livez', '/readyz', '/metrics'].includes(path)
    expect([path, method, Object.keys(responses)]).toEqual([
      path,
      method,
      expect.arrayContaining(isOpen ? ['421'] : ['403', '421'])
    ])
    expect([path, '403' in responses]).toEqual([path, !isOpen])
  }
})

test('a job that is answered has every property that the document says it has', async () => {
  const { properties, required } = document.components.schemas.Job as { properties: object, required: string[] }
  const { body } = await request(app).get(`/jobs/${anId}`)
  expect(Object.keys(body).sort()).toEqual(Object.keys(properties).sort())
  expect(required.filter(name => !(name in body))).toEqual([])
})
