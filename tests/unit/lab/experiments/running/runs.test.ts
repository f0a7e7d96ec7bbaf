import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { monotonicUs } from '#cgroup/derived.ts'
import { NotMeasured, Stage } from '#lab/experiments/acting/stage.ts'
import type { Experiment } from '#lab/experiments/experiment.ts'
import { Runs } from '#lab/experiments/running/runs.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Phase, Run, RunView } from '#lab/wire/experiments.ts'
import type { JobsView, Requirement, Sample } from '#lab/wire/live.ts'
import { Refusal } from '#shared/http/problem.ts'
import { StoreUnavailable } from '#shared/stores/postgres.ts'
import { capturedLog } from '#support/captured-log.ts'
import { fullReading } from '#support/readings.ts'
import { until } from '#support/until.ts'
import { FakeCgroup, foundOf, limitsStay, momentAt } from '../../support/fakes.ts'
import { busyView, sampleOf } from '../../support/samples.ts'

const timing = {
  rest: { readings: 0, atLeastMs: 5, atMostMs: 5 },
  healthEveryMs: 2,
  wellAgainMs: 1000,
  longestFactor: 20
}

function experimentThat (act: Experiment['act'], given: Partial<Experiment> = {}): Experiment {
  const judge = () => ({ saw: 'so it was', checks: [{ claim: 'it is', source: 'here', saw: '1', holds: true }] })
  return { id: 'try', topic: 'memory', title: '', question: '', choices: [], does: '', seconds: 10, watches: [], ifYouSawSomethingElse: [], answer: 'yes', act, judge, ...given }
}

class MemoryStore {
  readonly saved: Run[] = []
  isAway = false
  save = async (run: Run) => {
    if (this.isAway) throw new StoreUnavailable('away')
    this.saved.push(run)
  }

  find = async (id: string) => this.saved.findLast(run => run.id === id) ?? null
  list = async (): Promise<RunView[]> => this.saved
}

interface Given {
  jobs?: object
  busy?: string | null
  missing?: Requirement[]
  view?: (stack: JobsView) => Promise<JobsView>
  sample?: Sample
  rest?: typeof timing.rest
  healthEveryMs?: number
}

function setUp (
  { jobs = {}, busy = null, missing = [], view = async stack => stack, sample = sampleOf(), ...given }: Given = {}
) {
  const store = new MemoryStore()
  const { log, lines } = capturedLog()
  const asked: string[] = []
  const stack: JobsView = {
    at: '',
    services: { api: 'up', worker: 'up', postgres: 'up', redis: 'up' },
    queue: { waiting: 0, active: 0 },
    latest: [],
    ...jobs
  }
  const peer = {
    ask: async (path: string, question?: { method?: string }) => {
      asked.push(`${question?.method ?? 'GET'} ${path}`)
      return { status: 202, headers: {}, text: '{"id": "job-1"}' }
    },
    json: async () => null
  }
  const changes: RunView[] = []
  const runs = new Runs({
    store,
    services: sample.containers.map(({ service }) => service),
    missing,
    cgroupVersion: 'v2',
    sample: () => sample,
    stack: { view: () => view(stack) },
    stageOf: parts =>
      new Stage({
        peers: { api: peer, worker: peer },
        loads: {
          run: async () => {
            throw new Error('no load here')
          }
        },
        ...limitsStay,
        whoami: '/nowhere',
        missing,
        ...parts
      }),
    busyWith: () => busy,
    onChange: run => changes.push(run),
    log,
    timing: { ...timing, ...given }
  })
  const ended = async (id: string) =>
    (await until(() => store.saved.find(run => run.id === id && run.state !== 'running'), {
      what: 'the end of the run'
    }))!
  return { runs, store, stack, asked, changes, ended, lines }
}

const forever: Experiment['act'] = stage => stage.pause(60_000)

describe('a run', () => {
  test('goes through baseline, action and recovery to a verdict that is saved with its recording and facts', async () => {
    const { runs, ended, changes } = setUp()
    const watched = new WatchedContainer(foundOf(), new FakeCgroup(fullReading()), momentAt(0))
    watched.look(momentAt(0), 'shown')
    const { id } = await runs.start(experimentThat(async stage => {
      runs.recordReadings([watched])
      stage.say('acting')
      return { seen: 7 }
    }), 'yes')
    const run = await ended(id)
    expect(run).toMatchObject({
      state: 'finished',
      prediction: 'yes',
      answer: 'yes',
      verdict: { outcome: 'holds' },
      facts: { seen: 7 }
    })
    expect(run.recording?.phases.map(({ name }) => name)).toEqual(['baseline', 'action', 'recovery'])
    expect(run.recording?.containers[0]?.series.memoryBytes).toEqual([fullReading().memory.currentBytes])
    expect([...new Set(changes.map(({ phase }) => phase))]).toEqual(['baseline', 'action', 'recovery', null])
    expect(runs.current).toBeNull()
  })

  test('acts once every service was read often enough, and reads all as often again before it ends', async () => {
    const rest = { readings: 2, atLeastMs: 0, atMostMs: 60_000 }
    const { runs, store } = setUp({ sample: sampleOf(busyView()), rest })
    const cgroup = new FakeCgroup()
    const watched = new WatchedContainer(foundOf(), cgroup, momentAt(0))
    await runs.start(experimentThat(async () => ({})), null)
    const run = await until(() => {
      cgroup.now = fullReading({ monotonicUs: monotonicUs() })
      watched.look(momentAt(0), 'shown')
      runs.recordReadings([watched])
      return store.saved.find(({ state }) => state === 'finished')
    }, { what: 'the end of the run' })
    const { phases, containers: [api] } = run!.recording!
    const readingsIn = (phase: Phase): number => {
      const { fromSeconds, toSeconds } = phases.find(({ name }) => name === phase)!
      return api!.atSeconds.filter(at => at > fromSeconds && at <= toSeconds).length
    }
    expect(Math.min(readingsIn('baseline'), readingsIn('recovery'))).toBeGreaterThanOrEqual(2)
  })

  test('acts also when a service cannot be read, after a while', async () => {
    const rest = { readings: 1, atLeastMs: 0, atMostMs: 5 }
    const { runs, ended } = setUp({ sample: sampleOf(busyView()), rest })
    const { id } = await runs.start(experimentThat(async () => ({})), null)
    expect((await ended(id)).state).toBe('finished')
  })

  test('has the answer only at the end', async () => {
    const { runs, ended } = setUp()
    const { id, answer } = await runs.start(experimentThat(async () => ({})), null)
    expect(answer).toBeNull()
    expect((await ended(id)).answer).toBe('yes')
  })

  test('that cannot be measured here says why', async () => {
    const { runs, ended } = setUp()
    const { id } = await runs.start(
      experimentThat(async () => {
        throw new NotMeasured('/work is off')
      }),
      null
    )
    expect(await ended(id)).toMatchObject({
      state: 'finished',
      verdict: { outcome: 'not_measured', summary: '/work is off' }
    })
  })

  test.each([
    ['whose action throws', experimentThat(async () => { throw new Error('broken') }), 'broken'],
    ['whose judgement throws', experimentThat(async () => ({}), { judge: () => { throw new Error('no track') } }), 'the judgement failed: no track'],
    ['that takes far too long', experimentThat(forever, { seconds: 0.001 }), 'it took too long and was stopped']
  ])('%s failed, and says why', async (_case, experiment, error) => {
    const { runs, ended } = setUp()
    const { id } = await runs.start(experiment, null)
    expect(await ended(id)).toMatchObject({ state: 'failed', verdict: null, error })
  })

  test('asks for the health of all services again only when it has an answer: a slow answer counts once', async () => {
    let answers = 0
    let asking: Promise<JobsView> | null = null
    const view = (stack: JobsView): Promise<JobsView> => {
      asking ??= delay(20).then(() => { asking = null; answers++; return stack })
      return asking
    }
    const { runs, ended } = setUp({ view })
    const { id } = await runs.start(experimentThat(async () => until(() => answers > 2, { what: 'looks' })), null)
    expect((await ended(id)).recording?.health.length).toBeLessThanOrEqual(answers)
  })

  test('that is cancelled puts back what it began: its jobs, and what it said it would undo', async () => {
    const { runs, ended, asked } = setUp()
    const { id } = await runs.start(experimentThat(async stage => {
      stage.atEnd(async () => { asked.push('undone') })
      await stage.post({ kind: 'noop', params: {} })
      await forever(stage)
    }), null)
    await until(() => asked.length > 0, { what: 'the job' })
    expect(runs.cancel(id)?.id).toBe(id)
    expect(await ended(id)).toMatchObject({ state: 'cancelled', verdict: null })
    expect(asked).toEqual(['POST /jobs', 'undone', 'DELETE /jobs/job-1'])
    expect(runs.cancel(id)).toBeNull()
  })

  test('waits for a stack that is well again before it ends', async () => {
    const { runs, ended, stack } = setUp()
    const { id } = await runs.start(experimentThat(async () => { stack.services.redis = 'down' }), null)
    await until(() => runs.current?.phase === 'recovery', { what: 'the recovery' })
    stack.services.redis = 'up'
    expect((await ended(id)).state).toBe('finished')
  })

  test('records which services do not answer meanwhile', async () => {
    const { runs, ended, stack } = setUp()
    const { id } = await runs.start(
      experimentThat(async stage => {
        stack.services.redis = 'down'
        await stage.until(
          () => stage.evidence().recording.health.some(({ down }) => down.includes('redis')),
          'the probe',
          2000
        )
        stack.services.redis = 'up'
      }),
      null
    )
    expect((await ended(id)).recording?.health).toContainEqual({ atSeconds: expect.any(Number), down: ['redis'] })
  })

  test('asks for the health of all services at its start, so that a short run has more than one answer', async () => {
    const { runs, ended } = setUp({ healthEveryMs: 60_000 })
    const { id } = await runs.start(experimentThat(async () => ({})), null)
    expect((await ended(id)).recording?.health).toHaveLength(1)
  })

  test('is interrupted when the lab stops', async () => {
    const { runs, store } = setUp()
    await runs.start(experimentThat(forever), null)
    await runs.close()
    expect(store.saved.at(-1)?.state).toBe('interrupted')
  })
})

test.each([
  ['limits, which every experiment needs', ['limits'], [], 'without limits'],
  ['what this one needs', ['network', 'image'], ['namespaces', 'image'], 'there is no image']
] as const)('where there is not %s, nothing is tried and that is saved', async (_case, missing, requires, reason) => {
  const { runs, store, asked } = setUp({ missing: [...missing] })
  const { id } = await runs.start(
    experimentThat(async stage => stage.post({ kind: 'noop', params: {} }), { requires: [...requires] }),
    null
  )
  expect(await runs.find(id)).toMatchObject({
    state: 'finished',
    verdict: { outcome: 'not_here', summary: expect.stringContaining(reason) }
  })
  expect([asked, store.saved.length, runs.current]).toEqual([[], 1, null])
})

describe('a start is refused', () => {
  const why = async (starting: Promise<unknown>) =>
    starting.then(
      () => 'started',
      err => (err instanceof Refusal ? err.details : err)
    )

  test('while another one runs, and says which', async () => {
    const { runs } = setUp()
    const { id } = await runs.start(experimentThat(forever), null)
    expect(await why(runs.start(experimentThat(forever), null))).toMatchObject({
      status: 409,
      code: 'run_in_progress',
      detail: expect.stringContaining(id)
    })
    await runs.close()
  })

  test('for the second of two that come at once', async () => {
    const { runs } = setUp()
    const start = () => why(runs.start(experimentThat(forever), null))
    const outcomes = await Promise.all([start(), start()])
    expect(outcomes).toEqual(['started', expect.objectContaining({ code: 'run_in_progress' })])
    await runs.close()
  })

  test.each([
    ['a service that is away', { jobs: { services: { api: 'up', worker: 'up', postgres: 'up', redis: 'down' } } }, 'redis does not answer'],
    ['jobs in the queue', { jobs: { queue: { waiting: 2, active: 1 } } }, 'there are jobs: 2 waiting, 1 running'],
    ['a queue that cannot be looked into', { jobs: { queue: null } }, 'the length of the queue is not known'],
    ['a load', { busy: 'a load is running' }, 'a load is running']
  ])('with %s', async (_case, given, reason) => {
    expect(await why(setUp(given).runs.start(experimentThat(forever), null))).toMatchObject({
      status: 409,
      code: 'stack_not_ready',
      detail: expect.stringContaining(reason)
    })
  })

  test('when it could not be saved', async () => {
    const { runs, store } = setUp()
    store.isAway = true
    expect(await why(runs.start(experimentThat(forever), null))).toBeInstanceOf(StoreUnavailable)
    expect(runs.current).toBeNull()
  })
})

test('a run that ends while the store is away can be read, and is saved once the store is back', async () => {
  const { runs, store, lines } = setUp()
  const { id } = await runs.start(experimentThat(async () => { store.isAway = true }), null)
  await until(() => lines.some(({ msg }) => msg?.includes('could not be saved')), { what: 'the log' })
  expect(await runs.find(id)).toMatchObject({ id, state: 'finished' })
  store.isAway = false
  await runs.close()
  expect(store.saved.at(-1)).toMatchObject({ id, state: 'finished' })
})
