import { beforeEach, expect, test } from '@jest/globals'
import { Changes, type Change } from '#lab/limits/changes.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { ChangedLimits, ContainerLimits, LimitChange } from '#shared/limits/change.ts'
import { createLog } from '#shared/process/log.ts'
import { until } from '#support/until.ts'

const before: ContainerLimits = { memoryBytes: 2e8, memoryAndSwapBytes: 2e8, cpus: 0.5, pids: 128 }
const LEASE_SECONDS = 15

/** A broker that does what it is asked, with a clock. */
class FakeBroker {
  asked: LimitChange[] = []
  refusal: Refusal | null = null
  nowMs = 0
  told = 0

  readonly change = async (change: LimitChange): Promise<ChangedLimits> => {
    if (this.refusal !== null) throw this.refusal
    this.asked.push(change)
    const { service, cpus } = change
    const now = { ...before, cpus: cpus ?? 0.5 }
    return { service, containers: [], now, before, leaseSeconds: cpus == null ? null : LEASE_SECONDS }
  }

  changes (change: Change | null = this.change): Changes {
    return new Changes({
      change,
      onChange: () => { this.told++ },
      log: createLog('lab', 'silent'),
      time: { moment: () => ({ atMs: this.nowMs, monotonicMs: this.nowMs }) }
    })
  }
}

let broker: FakeBroker
let changes: Changes
beforeEach(() => {
  broker = new FakeBroker()
  changes = broker.changes()
})

/** One tick, with all that it does. */
async function pass (seconds: number): Promise<void> {
  broker.nowMs += seconds * 1000
  changes.tick()
  await new Promise(setImmediate)
}

test('a change is held, with what there was before', async () => {
  await changes.request({ service: 'api', cpus: 0.25 }, 'hand')
  expect(changes.all()).toEqual([{
    service: 'api', now: { ...before, cpus: 0.25 }, before, by: 'hand', changedAt: '1970-01-01T00:00:00.000Z', until: null, fault: null
  }])
  expect(broker.told).toBe(1)
})

test('a change is asked for again well before its lease ends, and then again', async () => {
  await changes.request({ service: 'api', cpus: 0.25 }, 'hand')
  await pass(4)
  expect(broker.asked).toHaveLength(1)
  await pass(1)
  expect(broker.asked.slice(1)).toEqual([{ service: 'api', cpus: 0.25, evenBelowUse: true }])
  await pass(5)
  expect(broker.asked).toHaveLength(3)
})

test('a second change is renewed with the first', async () => {
  await changes.request({ service: 'api', cpus: 0.25 }, 'hand')
  await changes.request({ service: 'api', cpus: 0.3, pids: 64 }, 'hand')
  await pass(5)
  expect(broker.asked.at(-1)).toEqual({ service: 'api', cpus: 0.3, pids: 64, evenBelowUse: true })
})

test('a change for a time is put back after it', async () => {
  await changes.request({ service: 'api', cpus: 0.25, forSeconds: 8 }, 'hand')
  expect(changes.find('api')?.until).toBe('1970-01-01T00:00:08.000Z')
  await pass(5)
  await pass(3)
  await until(() => changes.all().length === 0, { what: 'the change to be put back' })
  expect(broker.asked.at(-1)).toEqual({ service: 'api', memoryBytes: null, cpus: null, pids: null })
})

test('a change that cannot be renewed says why, and is tried again', async () => {
  await changes.request({ service: 'api', cpus: 0.25 }, 'hand')
  broker.refusal = new Refusal({ status: 503, code: 'broker_away', detail: 'It does not answer.' })
  await pass(5)
  expect(changes.find('api')?.fault).toBe('It does not answer.')
  broker.refusal = null
  await pass(5)
  expect(changes.find('api')?.fault).toBeNull()
})

test('a refused change leaves what was changed before', async () => {
  await changes.request({ service: 'api', cpus: 0.25 }, 'hand')
  broker.refusal = new Refusal({ status: 409, code: 'below_use', detail: 'In use.' })
  await expect(changes.request({ service: 'api', cpus: 0.1 }, 'hand')).rejects.toThrow('In use.')
  expect(changes.find('api')?.now.cpus).toBe(0.25)
})

test('the end of the lab puts everything back', async () => {
  await changes.request({ service: 'api', cpus: 0.25 }, 'hand')
  await changes.request({ service: 'worker', cpus: 0.25 }, 'sweep')
  await changes.close()
  expect([changes.all(), broker.asked.slice(2).map(({ service }) => service)]).toEqual([[], ['api', 'worker']])
})

test('without a broker every change is refused', async () => {
  const none = broker.changes(null)
  await expect(none.request({ service: 'api', cpus: 1 }, 'hand')).rejects.toMatchObject({ details: { code: 'no_broker' } })
  expect(none.canChange).toBe(false)
})
