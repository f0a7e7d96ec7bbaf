import { beforeEach, describe, expect, test } from '@jest/globals'
import { Broker } from '#limits/broker.ts'
import { UpdateFailed } from '#limits/containers.ts'
import type { Kept } from '#limits/kept.ts'
import type { ContainerLimits, LimitChange } from '#shared/limits/change.ts'
import { createLog } from '#shared/process/log.ts'

const MIB = 1024 * 1024
const composed: ContainerLimits = { memoryBytes: 256 * MIB, memoryAndSwapBytes: 256 * MIB, cpus: 0.5, pids: 128 }
const idOf = (digit: string): string => digit.repeat(64)
const API = idOf('a')
const LEASE_SECONDS = 15

/** An engine and a kernel that agree, and a file that outlives brokers. */
class FakeHost {
  containers = [{ id: API, service: 'api' }, { id: idOf('b'), service: 'limits' }, { id: idOf('c'), service: 'api' }]
  limits = new Map(this.containers.map(({ id }) => [id, { ...composed }]))
  stopped = new Set<string>()
  kept = new Map<string, Kept>()
  updates: string[] = []
  refusal: UpdateFailed | null = null
  refusedIds = new Set<string>()
  listRefusal: UpdateFailed | null = null
  nowMs = 0

  broker (): Broker {
    return new Broker({
      containers: {
        list: async () => {
          if (this.listRefusal !== null) throw this.listRefusal
          return this.containers
        },
        update: async (id, to) => {
          if (this.refusal !== null) throw this.refusal
          if (this.refusedIds.has(id)) throw new UpdateFailed('The engine says: current usage is higher', true)
          this.updates.push(id)
          this.limits.set(id, to)
        }
      },
      stateOf: id => this.stopped.has(id) || !this.limits.has(id)
        ? null
        : { limits: this.limits.get(id)!, inUse: { memoryBytes: 100 * MIB, pids: 30 } },
      kept: { read: () => new Map(this.kept), write: kept => { this.kept = new Map(kept) } },
      nowMs: () => this.nowMs,
      log: createLog('limits', 'silent')
    }, { leaseSeconds: LEASE_SECONDS, own: 'limits' })
  }

  pass (seconds: number): void { this.nowMs += seconds * 1000 }
}

let host: FakeHost
let broker: Broker
beforeEach(() => {
  host = new FakeHost()
  broker = host.broker()
})

const change = (asked: Partial<LimitChange>) => broker.change({ service: 'api', ...asked })
const refusal = (asked: Partial<LimitChange>) => change(asked).then(() => null, err => err.details)

describe('a change', () => {
  test('is made in all containers of the service, and says what there was', async () => {
    expect(await change({ cpus: 0.25 })).toEqual({
      service: 'api',
      containers: [API, idOf('c')],
      now: { ...composed, cpus: 0.25 },
      before: composed,
      leaseSeconds: LEASE_SECONDS
    })
    expect([host.limits.get(API)!.cpus, host.limits.get(idOf('c'))!.cpus]).toEqual([0.25, 0.25])
  })

  test('that is asked for again is no second update, and renews the lease', async () => {
    await change({ cpus: 0.25 })
    host.pass(10)
    await change({ cpus: 0.25 })
    host.pass(10)
    await broker.expire()
    expect([host.updates.length, host.limits.get(API)!.cpus]).toEqual([2, 0.25])
  })

  test('after another one has the same before', async () => {
    await change({ cpus: 0.25 })
    expect((await change({ pids: 64 })).before).toEqual(composed)
    expect((await change({ cpus: null, pids: null }))).toMatchObject({ now: composed, leaseSeconds: null })
    expect(host.kept.size).toBe(0)
  })

  test('below what is in use is refused, and nothing is changed', async () => {
    expect(await refusal({ memoryBytes: 50 * MIB })).toMatchObject({ status: 409, code: 'below_use' })
    expect([host.updates, host.kept.size]).toEqual([[], 0])
    expect((await change({ memoryBytes: 50 * MIB, evenBelowUse: true })).now.memoryBytes).toBe(50 * MIB)
  })

  test('is put back also while the container is down, because the limit may be what keeps it down', async () => {
    await change({ memoryBytes: 110 * MIB })
    host.stopped = new Set([API, idOf('c')])
    const answer = await change({ memoryBytes: null, cpus: null, pids: null })
    expect(answer).toMatchObject({ now: composed, leaseSeconds: null })
    expect([host.limits.get(API), host.limits.get(idOf('c')), host.kept.size]).toEqual([composed, composed, 0])
  })

  test.each([
    ['of an unknown service', { service: 'nginx' }, { status: 404, code: 'unknown_service', detail: expect.stringContaining('api, limits') }],
    ['of the broker itself', { service: 'limits', cpus: 0.01 }, { status: 403, code: 'own_limits' }]
  ])('%s is refused', async (_what, asked, details) => {
    expect(await refusal(asked)).toMatchObject(details)
    expect(host.updates).toEqual([])
  })

  test('of a service that does not run is refused', async () => {
    host.stopped = new Set([API, idOf('c')])
    const detail = expect.stringContaining('No container of api runs')
    expect(await refusal({ cpus: 1 })).toMatchObject({ status: 404, detail })
  })

  test.each([
    [new UpdateFailed('The engine says: current usage is higher', true), 409, 'limit_refused'],
    [new UpdateFailed('The engine does not answer: ENOENT', false), 503, 'engine_away']
  ])('that the engine refuses (%s) is told with its words', async (err, status, code) => {
    host.refusal = err
    expect(await refusal({ cpus: 0.25 })).toMatchObject({ status, code, detail: err.message })
  })

  test('while nobody says which containers there are is refused', async () => {
    host.listRefusal = new UpdateFailed('The engine does not answer: ENOENT', false)
    expect(await refusal({ cpus: 0.25 })).toMatchObject({ status: 503, code: 'engine_away' })
  })
})

describe('a lease', () => {
  test('that nobody renews ends, and all is as before', async () => {
    await change({ cpus: 0.25, memoryBytes: 128 * MIB })
    host.pass(LEASE_SECONDS)
    await broker.expire()
    expect([host.limits.get(API), host.kept.size, broker.changed]).toEqual([composed, 0, 0])
  })

  test('survives its broker: the next one puts back what was there before', async () => {
    await change({ cpus: 0.25 })
    broker = host.broker()
    host.pass(LEASE_SECONDS - 1)
    await broker.expire()
    expect(host.limits.get(API)!.cpus).toBe(0.25)
    host.pass(1)
    await broker.expire()
    expect(host.limits.get(API)).toEqual(composed)
  })

  test('is tried again until the engine answers', async () => {
    await change({ cpus: 0.25 })
    host.pass(LEASE_SECONDS)
    host.refusal = new UpdateFailed('The engine does not answer: ENOENT', false)
    await broker.expire()
    expect([host.limits.get(API)!.cpus, broker.changed]).toEqual([0.25, 2])
    host.refusal = null
    await broker.expire()
    expect(host.limits.get(API)).toEqual(composed)
  })

  test('of a container that the engine refuses to change does not keep others from being put back', async () => {
    await change({ memoryBytes: 512 * MIB })
    host.pass(LEASE_SECONDS)
    host.refusedIds.add(API)
    await broker.expire()
    expect([host.limits.get(API)!.memoryBytes, host.limits.get(idOf('c'))]).toEqual([512 * MIB, composed])
    expect([...host.kept.keys()]).toEqual([API])
  })

  test('of a container that was stopped is ended in its definition, and one that was removed is forgotten', async () => {
    await change({ cpus: 0.25 })
    host.stopped.add(API)
    host.containers.pop()
    await broker.close()
    expect([host.limits.get(API), host.limits.get(idOf('c'))!.cpus, host.kept.size]).toEqual([composed, 0.25, 0])
  })

  test('is kept before anything is changed, so that a broker that dies in between leaves it to the next one', async () => {
    host.refusal = new UpdateFailed('killed', false)
    await refusal({ cpus: 0.25 })
    expect(host.kept.get(API)).toEqual({ service: 'api', before: composed })
  })
})

test('changes of one container come one after the other', async () => {
  const changes = await Promise.all([change({ cpus: 0.25 }), change({ cpus: 0.75 }), change({ cpus: null })])
  expect(changes.map(({ before }) => before)).toEqual([composed, composed, composed])
  expect(host.limits.get(API)).toEqual(composed)
})
