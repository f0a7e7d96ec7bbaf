import { describe, expect, test } from '@jest/globals'
import { readConfig } from '#api/config.ts'
import { createSchemas } from '#api/schemas.ts'
import { Refusal } from '#shared/http/problem.ts'
import { check } from '#shared/http/request.ts'

const { bounds } = readConfig({ DATABASE_URL: 'postgres://postgres/lab', REDIS_URL: 'redis://redis:6379' })
const schemas = createSchemas(bounds)
const id = '019ab000-0000-7000-8000-000000000001'

function refusal (run: () => unknown): Refusal['details'] {
  try {
    run()
  } catch (err) {
    if (err instanceof Refusal) return err.details
    throw err
  }
  throw new Error('it was taken')
}

const job = (body: unknown) => check(schemas.jobRequest, body)

/** Every parameter of every job: a request with it, its least and its most. */
const params: Array<[name: string, request: (value: unknown) => object, min: number, max: number]> = [
  ['sleep ms', ms => ({ kind: 'sleep', params: { ms } }), 1, bounds.sleepMs],
  ['cpu ms', ms => ({ kind: 'cpu', params: { ms } }), 1, bounds.cpuMs],
  ['cpu threads', threads => ({ kind: 'cpu', params: { ms: 1, threads } }), 1, bounds.threads],
  ['memory mib', mib => ({ kind: 'memory', params: { mib } }), 1, bounds.memoryMib],
  ['memory holdMs', holdMs => ({ kind: 'memory', params: { mib: 1, holdMs } }), 0, bounds.holdMs],
  ['memory heapMib', heapMib => ({ kind: 'memory', params: { mib: 1, heap: true, heapMib } }), 16, bounds.memoryMib],
  ['file mib', mib => ({ kind: 'file', params: { mib } }), 1, bounds.fileMib],
  ['file tmpfsMib', tmpfsMib => ({ kind: 'file', params: { mib: 1, tmpfsMib } }), 0, bounds.tmpfsMib],
  ['file holdMs', holdMs => ({ kind: 'file', params: { mib: 1, holdMs } }), 0, bounds.holdMs],
  ['processes count', count => ({ kind: 'processes', params: { count } }), 1, bounds.processes],
  ['processes holdMs', holdMs => ({ kind: 'processes', params: { count: 1, holdMs } }), 0, bounds.holdMs],
  ['probe times', times => ({ kind: 'probe', params: { with: 'bash', times } }), 1, bounds.probes]
]
const noWholeNumbers = [1e300, -1e300, -1, 0.5, 1.5, '5', '', 'abc', null, true, [], [5], {}, 2 ** 53, NaN, Infinity]

describe.each(params)('%s', (name, request, min, max) => {
  test(`is taken from ${min} to ${max}`, () => {
    for (const value of [min, max]) expect(job(request(value))).toMatchObject(request(value))
  })

  test('is refused outside of them, and when it is no whole number, with the bounds in the answer', () => {
    for (const value of [min - 1, max + 1, ...noWholeNumbers]) {
      const { status, code, faults } = refusal(() => job(request(value)))
      expect([value, status, code, faults]).toEqual([value, 400, 'invalid_request', [{ at: `params.${name.split(' ')[1]}`, detail: `expected a whole number from ${min} to ${max}` }]])
    }
  })
})

test.each([
  [{ kind: 'noop' }, { kind: 'noop', params: {} }],
  [{ kind: 'noop', params: {} }, { kind: 'noop', params: {} }],
  [{ kind: 'cpu', params: { ms: 5 } }, { kind: 'cpu', params: { ms: 5, threads: 1 } }],
  [{ kind: 'memory', params: { mib: 5 } }, { kind: 'memory', params: { mib: 5, holdMs: 1000, heap: false } }],
  [{ kind: 'memory', params: { mib: 5, holdMs: -0, heap: true } }, { kind: 'memory', params: { mib: 5, holdMs: -0, heap: true } }],
  [{ kind: 'memory', params: { mib: 5, holdMs: 0, heap: true, heapMib: 64 } }, { kind: 'memory', params: { mib: 5, holdMs: 0, heap: true, heapMib: 64 } }],
  [{ kind: 'file', params: { mib: 5 } }, { kind: 'file', params: { mib: 5 } }],
  [{ kind: 'processes', params: { count: 5 } }, { kind: 'processes', params: { count: 5, holdMs: 1000 } }],
  [{ kind: 'probe', params: { with: 'node' } }, { kind: 'probe', params: { with: 'node', times: 1 } }]
])('a job asked for as %j is taken as %j', (asked, taken) => {
  expect(job(asked)).toEqual(taken)
})

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /^request: /],
  ['null', null, /^request: /],
  ['a list', [], /^(request|kind): /],
  ['a number', 5, /^request: /],
  ['an empty object', {}, /^kind: /],
  ['an unknown kind', { kind: 'format-disk' }, /^kind: /],
  ['a kind in capitals', { kind: 'NOOP' }, /^kind: /],
  ['a kind that every object has', { kind: 'constructor' }, /^kind: /],
  ['a kind that is a list', { kind: ['noop'] }, /^kind: /],
  ['no parameters where some are needed', { kind: 'cpu' }, /^params: /],
  ['parameters that are null', { kind: 'noop', params: null }, /^params: /],
  ['parameters that are a list', { kind: 'cpu', params: [5] }, /^params/],
  ['an unknown key', { kind: 'noop', priority: 1 }, /^request: .*priority/],
  ['an unknown parameter', { kind: 'noop', params: { ms: 5 } }, /^params: .*ms/],
  ['a parameter of another kind', { kind: 'sleep', params: { ms: 5, threads: 1 } }, /^params: .*threads/],
  ['a ceiling of a heap that is not used', { kind: 'memory', params: { mib: 1, heapMib: 64 } }, /^params\.heapMib: needs heap: true/],
  ['a probe with something else', { kind: 'probe', params: { with: 'perl' } }, /^params\.with: expected node or bash$/],
  ['a probe with nothing', { kind: 'probe', params: {} }, /^params\.with: expected node or bash$/],
  ['heap that is a number', { kind: 'memory', params: { mib: 1, heap: 1 } }, /^params\.heap: /]
])('a job asked for as %s is refused', (_case, body, detail) => {
  const refused = refusal(() => job(body))
  expect([refused.status, refused.code]).toEqual([400, 'invalid_request'])
  expect(refused.detail).toMatch(detail)
})

test('a job with several faults is refused with all of them', () => {
  const { faults } = refusal(() => job({ kind: 'cpu', params: { ms: 0, threads: 99, cores: 1 } }))
  expect(faults!.map(({ at }) => at).sort()).toEqual(['params', 'params.ms', 'params.threads'])
})

test('a refusal of something very long is short', () => {
  const { detail, faults } = refusal(() => job({ kind: 'x'.repeat(10_000), ['y'.repeat(10_000)]: 1 }))
  expect(JSON.stringify({ detail, faults }).length).toBeLessThan(2000)
})

const list = (query: object) => check(schemas.jobList, query)

test('a list that asks for nothing has the newest twenty', () => {
  expect(list({})).toEqual({ limit: 20 })
})

test('a list that asks for everything is taken', () => {
  expect(list({ status: 'failed', kind: 'cpu', limit: '100', cursor: id })).toEqual({
    status: 'failed',
    kind: 'cpu',
    limit: 100,
    cursor: id
  })
})

test.each([
  { limit: '0' }, { limit: '101' }, { limit: '' }, { limit: '1e1' }, { limit: '0x10' }, { limit: ' 5' }, { limit: '5 ' }, { limit: '+5' }, { limit: '-5' },
  { limit: '1.5' }, { limit: 'NaN' }, { limit: '٣' }, { limit: '9'.repeat(4000) }, { limit: ['5', '6'] },
  { status: '' }, { status: 'done' }, { status: ['queued', 'failed'] }, { kind: 'all' }, { cursor: '' }, { cursor: '1' }, { cursor: `${id}0` }, { page: '2' }
])('a list that asks for %j is refused', query => {
  expect(refusal(() => list(query))).toMatchObject({
    status: 400,
    faults: [{ at: expect.stringMatching(/^(limit|status|kind|cursor|request)$/) }]
  })
})

test.each([
  ['workCpu', {}, { ms: 5 }],
  ['workCpu', { ms: '2000' }, { ms: 2000 }],
  ['workMemory', {}, { mib: 16, holdMs: 100 }],
  ['workMemory', { mib: '1024', holdMs: '0' }, { mib: 1024, holdMs: 0 }]
] as const)('%s asked for as %j is taken as %j', (name, query, taken) => {
  expect(check(schemas[name], query)).toEqual(taken)
})

test.each([
  ['workCpu', { ms: '0' }], ['workCpu', { ms: '2001' }], ['workCpu', { ms: '1e3' }], ['workCpu', { ms: '0x10' }], ['workCpu', { ms: ' 5' }], ['workCpu', { ms: '' }],
  ['workCpu', { ms: 'NaN' }], ['workCpu', { ms: '1.5' }], ['workCpu', { ms: '9'.repeat(400) }], ['workCpu', { ms: ['1', '2'] }], ['workCpu', { threads: '2' }],
  ['workMemory', { mib: '0' }], ['workMemory', { mib: '1025' }], ['workMemory', { holdMs: '-1' }], ['workMemory', { holdMs: '60001' }]
] as const)('%s asked for as %j is refused', (name, query) => {
  expect(refusal(() => check(schemas[name], query)).status).toBe(400)
})

test.each(['', '1', 'jobs', '../1', `${id} `, `{${id}}`, id.replaceAll('-', '')])(
  "a job's id given as %j is refused",
  bad => {
    expect(refusal(() => check(schemas.jobPath, { id: bad })).faults).toEqual([
      { at: 'id', detail: expect.any(String) }
    ])
  }
)
