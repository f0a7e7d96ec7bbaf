import { describe, expect, test } from '@jest/globals'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { usualTiming } from '#lab/sweep/plan.ts'
import { Sweeps } from '#lab/sweep/sweeps.ts'
import { OwnTarget } from '#lab/sweep/target.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import type { ChangedService } from '#lab/wire/limits.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { ChangedLimits } from '#shared/limits/change.ts'
import { capturedLog } from '#support/captured-log.ts'
import { fullReading } from '#support/readings.ts'
import { until } from '#support/until.ts'
import { FakeCgroup, foundOf, momentAt } from '../support/fakes.ts'
import { busyView, sampleOf } from '../support/samples.ts'
import { requestSpec } from '../support/trials.ts'

const timing = { ...usualTiming, restMs: 0, mostRestMs: 20 }
const up = { api: 'up', worker: 'up', postgres: 'up', redis: 'up' } as const

interface Given { busy?: string | null, changed?: ChangedService | null, isRead?: boolean, isUp?: boolean }

function untilAborted (signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason)) })
}

/** A stack in which a load goes on until it is stopped. */
function setUp ({ busy = null, changed = null, isRead = true, isUp = true }: Given = {}) {
  const cgroup = new FakeCgroup(fullReading())
  const watched = new WatchedContainer(foundOf(), cgroup, momentAt(0))
  if (isRead) watched.look(momentAt(0), 'core')
  const views: SweepView[] = []
  let putBacks = 0
  const services = isUp ? up : { ...up, api: 'down' as const }
  const sample = () => sampleOf(busyView({ state: 'calm' }))
  const sweeps = new Sweeps({
    changes: {
      canChange: true,
      find: () => changed,
      request: async () => ({} as ChangedLimits),
      putBack: async () => { putBacks++; return {} as ChangedLimits }
    },
    loads: { run: (_spec, signal) => untilAborted(signal) },
    stageOf: () => { throw new Error('no jobs here') },
    containers: () => [watched],
    newest: () => watched.newest('full'),
    sample,
    target: new OwnTarget(sample, async () => ({ at: '', services, queue: { waiting: 0, active: 0 }, latest: [] })),
    cgroupVersion: 'v2',
    machine: { cpus: 0.5, memoryBytes: 8e9 },
    busyWith: () => busy,
    onChange: view => views.push(view),
    log: capturedLog().log,
    timing
  })
  return { sweeps, views, cgroup, putBacks: () => putBacks }
}

const codeOf = (err: unknown): string => (err as Refusal).details.code

describe('a sweep', () => {
  test('starts with the limits of the kernel, and occupies the stack until it ends', async () => {
    const { sweeps } = setUp()
    const { id, before } = await sweeps.start(requestSpec)
    expect(before).toEqual({ cpus: 0.5, memoryBytes: 268435456, pids: 128 })
    expect([sweeps.running?.id, sweeps.busyWith]).toEqual([id, 'a sweep of api is running'])
    await sweeps.close()
    expect([sweeps.running, sweeps.busyWith, sweeps.find(id)?.state]).toEqual([null, null, 'interrupted'])
  })

  test('takes limits that were put back a moment ago as they are now', async () => {
    const { sweeps, cgroup } = setUp()
    cgroup.now = fullReading({ limits: { cpuMax: { quotaUs: 25_000, periodUs: 100_000 } } })
    expect((await sweeps.start(requestSpec)).before.cpus).toBe(0.25)
    await sweeps.close()
  })

  test('that is cancelled puts the limits back', async () => {
    const { sweeps, views, putBacks } = setUp()
    const { id } = await sweeps.start(requestSpec)
    await until(() => views.some(({ current }) => current?.step === 'warming_up'), { what: 'the load' })
    expect(sweeps.cancel(id)?.state).toBe('running')
    await until(() => sweeps.find(id)?.state === 'cancelled', { what: 'the end' })
    expect([putBacks(), sweeps.cancel(id), sweeps.cancel('other')]).toEqual([1, null, null])
  })

  test.each<[string, Given, string]>([
    ['while something else goes on', { busy: 'a load is running' }, 'stack_busy'],
    ['while its limits are changed', { changed: {} as ChangedService }, 'stack_not_ready'],
    ['where the kernel does not say what its limits are', { isRead: false }, 'stack_not_ready'],
    ['while the service does not answer', { isUp: false }, 'stack_not_ready']
  ])('is refused %s', async (_case, given, code) => {
    const { sweeps } = setUp(given)
    await expect(sweeps.start(requestSpec).catch(codeOf)).resolves.toBe(code)
    expect(sweeps.all()).toEqual([])
  })

  test('that an experiment asks for runs although that experiment is running, and is waited for', async () => {
    const { sweeps } = setUp({ busy: 'the experiment sweep-agrees is running' })
    const ended = sweeps.run(requestSpec, new AbortController().signal)
    await until(() => sweeps.running, { what: 'a sweep' })
    expect(sweeps.busyWith).toBe('a sweep of api is running')
    await sweeps.close()
    await expect(ended).resolves.toMatchObject({ state: 'interrupted' })
  })

  test('that an experiment asked for ends with it, and the limits are put back', async () => {
    const { sweeps, putBacks } = setUp()
    const cancelling = new AbortController()
    const ended = sweeps.run(requestSpec, cancelling.signal)
    await until(() => sweeps.running, { what: 'a sweep' })
    cancelling.abort('cancelled')
    await expect(ended).rejects.toBe('cancelled')
    expect([sweeps.all().map(({ state }) => state), putBacks()]).toEqual([['cancelled'], 1])
  })

  test('is refused while another one is running, or begins', async () => {
    const { sweeps } = setUp()
    const [first, second] = await Promise.allSettled([sweeps.start(requestSpec), sweeps.start(requestSpec)])
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    await expect(sweeps.start(requestSpec).catch(codeOf)).resolves.toBe('sweep_running')
    await sweeps.close()
  })
})
