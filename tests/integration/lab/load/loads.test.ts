import { afterEach, expect, test } from '@jest/globals'
import { Loads } from '#lab/load/loads.ts'
import type { LoadSpec, LoadView } from '#lab/wire/load.ts'
import { until } from '#support/until.ts'
import { specOf } from '../support/specs.ts'
import { freezing, httpStub, type Stub } from '../support/stub.ts'

const opened: Array<() => Promise<void>> = []
afterEach(async () => { for (const close of opened.splice(0).reverse()) await close() })

/** Loads on a stub, in the compiled thread that the lab starts. */
function loadsOn ({ url, close }: Pick<Stub, 'url' | 'close'>, seen: LoadView[] = []): Loads {
  const thread = new URL('../../../../dist/lab/load/thread.js', import.meta.url)
  const onChange = (view: LoadView) => seen.push(view)
  const loads = new Loads({ thread, urlOf: () => url, attached: null, readOwn: () => null, onChange })
  opened.push(close, () => loads.close())
  return loads
}

const patient = new AbortController().signal
const run = async (stub: Stub, spec: LoadSpec) => loadsOn(stub).run(spec, patient)

test('if a service freezes for a second, the latency includes every request that was due in that second', async () => {
  const stub = await httpStub(freezing(4000))
  const { total } = await run(stub, specOf({ ratesPerSecond: [100], durationSeconds: 10 }))
  expect(total).toMatchObject({ due: 1000, sent: 1000, succeeded: 1000, failed: 0 })
  expect(total.latency.p99Ms).toBeGreaterThan(800)
  expect(total.latency.p99Ms).toBeLessThan(1000)
  expect(total.latency.maxMs).toBeGreaterThanOrEqual(950)
  expect(total.latency.p50Ms).toBeLessThan(100)
}, 20_000)

test('a running load reports its progress, and its last report has the summary', async () => {
  const seen: LoadView[] = []
  const stub = await httpStub((_req, res) => res.end())
  const loads = loadsOn(stub, seen)
  const load = loads.start(specOf({ ratesPerSecond: [200], durationSeconds: 2 }))
  expect(loads.running?.id).toBe(load.id)
  const ended = await load.ended
  expect(ended).toMatchObject({ state: 'finished', error: null, summary: { total: { due: 400, succeeded: 400 } } })
  expect(seen.filter(({ state, live }) => state === 'running' && live !== null).length).toBeGreaterThanOrEqual(4)
  expect(seen.at(-1)).toEqual(ended)
  expect(loads.running).toBeNull()
  expect(loads.all()).toEqual([ended])
})

test('a cancelled load ends at once and keeps what it measured', async () => {
  const loads = loadsOn(await httpStub((_req, res) => res.end()))
  const load = loads.start(specOf({ durationSeconds: 60 }))
  await until(() => (load.view().live?.total.succeeded ?? 0) > 0, { what: 'the first answers' })
  load.cancel()
  const { state, summary } = await load.ended
  expect(state).toBe('cancelled')
  expect(summary!.total.succeeded).toBeGreaterThan(0)
  expect(summary!.seconds).toBeLessThan(30)
})

test('a load whose signal is aborted rejects with the signal\'s reason', async () => {
  const stopping = new AbortController()
  const loads = loadsOn(await httpStub((_req, res) => res.end()))
  const running = loads.run(specOf({ durationSeconds: 60 }), stopping.signal)
  await until(() => loads.running?.view().live ?? null, { what: 'the load' })
  stopping.abort(new Error('changed my mind'))
  await expect(running).rejects.toThrow('changed my mind')
  await expect(loads.run(specOf(), stopping.signal)).rejects.toThrow('changed my mind')
})

test('a load on a name that cannot be resolved fails and says so', async () => {
  const loads = loadsOn({ url: 'http://no-such-name.invalid:1', close: async () => {} })
  expect(await loads.start(specOf()).ended).toMatchObject({ state: 'failed', summary: null, error: expect.stringContaining('no-such-name.invalid') })
  await expect(loads.run(specOf(), patient)).rejects.toThrow('no-such-name.invalid')
})

test('closing cancels a running load', async () => {
  const loads = loadsOn(await httpStub((_req, res) => res.end()))
  const load = loads.start(specOf({ durationSeconds: 60 }))
  await loads.close()
  expect(load.view().state).toBe('cancelled')
})
