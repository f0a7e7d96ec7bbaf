import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { WorkDone } from '#lab/sweep/figures.ts'
import { LimitsRefused } from '#lab/sweep/limits.ts'
import { ReadingLog } from '#lab/sweep/reading-log.ts'
import { TrialRunner, type PlannedTrial } from '#lab/sweep/trial.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { monotonicUs } from '#cgroup/derived.ts'
import { fullReading } from '#support/readings.ts'
import { FakeCgroup, foundOf, momentAt } from '../support/fakes.ts'
import { before, requestSpec } from '../support/trials.ts'

const timing = {
  restMs: 0, mostRestMs: 30, warmUpSeconds: 3, judgedSeconds: 8, confirmingSeconds: 15, backMs: 1000
}
const allServed: WorkDone = {
  seconds: 8, due: 320, failed: 0, p50Ms: 7, p99Ms: 20, halvesP50Ms: [7, 7], doubt: null
}
const planned: PlannedTrial = { number: 3, purpose: 'memory', limits: before }
const { signal } = new AbortController()

/** A service that does its work, with limits that can be set, unless a test says otherwise. */
class FakeService {
  readonly happened: string[] = []
  readonly log = new ReadingLog('api')
  refusal: Error | null = null
  isAtRest = true
  isUp = true
  inForce = true
  /** Called when work begins. */
  onWork = (_seconds: number): void => {}
  readonly #cgroup = new FakeCgroup()
  readonly #watched = new WatchedContainer(foundOf(), this.#cgroup, momentAt(0))

  read (given: Parameters<typeof fullReading>[0] = {}): void {
    this.#cgroup.now = fullReading({ monotonicUs: monotonicUs(), ...given })
    this.#watched.look(momentAt(0), 'shown')
    this.log.record([this.#watched])
  }

  run (trial = planned) {
    const runner = new TrialRunner({
      spec: requestSpec,
      version: 'v2',
      machineCpus: 2,
      limits: {
        set: async () => {
          if (this.refusal !== null) throw this.refusal
          this.happened.push('set')
        },
        areInForce: () => this.inForce,
        putBack: async () => {
          this.happened.push('put back')
          this.isUp = true
        }
      },
      work: {
        run: async seconds => {
          this.happened.push(`work ${seconds}`)
          this.onWork(seconds)
          return allServed
        }
      },
      log: this.log,
      isAtRest: async () => this.isAtRest,
      isUp: async () => this.isUp,
      timing
    })
    return runner.run(trial, signal, step => this.happened.push(step))
  }
}

let service: FakeService
let sampling: NodeJS.Timeout
let reading: Parameters<typeof fullReading>[0]
beforeEach(() => {
  service = new FakeService()
  reading = {}
  service.read()
  sampling = setInterval(() => service.read(reading), 2)
})
afterEach(() => clearInterval(sampling))

describe('a trial', () => {
  test('sets the limits, comes to rest, warms up and is judged', async () => {
    expect(await service.run()).toMatchObject({ ...planned, outcome: 'passed', figures: { p99Ms: 20, due: 320 } })
    expect(service.happened)
      .toEqual(['setting_limits', 'set', 'coming_to_rest', 'warming_up', 'work 3', 'judging', 'work 8'])
  })

  test('that confirms is longer', async () => {
    await service.run({ ...planned, purpose: 'confirmation' })
    expect(service.happened.at(-1)).toBe('work 15')
  })

  test('whose limits are refused has failed, with the reason', async () => {
    service.refusal = new LimitsRefused('60 MiB are in use')
    const { outcome, checks, figures } = await service.run()
    expect([outcome, checks[0]!.saw, figures]).toEqual(['failed', '60 MiB are in use', null])
  })

  test('whose broker does not answer ends the sweep', async () => {
    service.refusal = new Error('away')
    await expect(service.run()).rejects.toThrow('away')
  })

  test('of a service that does not come to rest is not measured', async () => {
    service.isAtRest = false
    expect(await service.run()).toMatchObject({ outcome: 'not_measured', figures: null })
  })

  test('of a service that is killed before there is work has failed, and puts its limits back', async () => {
    service.isAtRest = false
    const earlier = fullReading().memory.events.oomKill!
    setTimeout(() => { reading = { memory: { events: { oomKill: earlier + 1 } } } }, 5)
    const { outcome, checks } = await service.run()
    expect([outcome, checks[0]!.claim]).toEqual(['failed', 'no process is killed'])
    expect(service.happened).toEqual(['setting_limits', 'set', 'coming_to_rest', 'put back'])
  })

  test('whose limits were changed by somebody else is not measured', async () => {
    service.inForce = false
    expect((await service.run()).outcome).toBe('not_measured')
  })

  test('of a service that is killed while it warms up has failed without more work, and puts its limits back', async () => {
    const earlier = fullReading().memory.events.oomKill!
    service.onWork = () => { reading = { memory: { events: { oomKill: earlier + 1 } } } }
    const { outcome, checks } = await service.run()
    expect(outcome).toBe('failed')
    expect(checks.find(({ holds }) => holds === false)).toMatchObject({ claim: 'no process is killed', saw: '+1' })
    expect(service.happened.slice(-3)).toEqual(['work 3', 'judging', 'put back'])
  })

  test('of a service that does not answer at its end puts its limits back, and waits until it does', async () => {
    service.isUp = false
    expect((await service.run()).outcome).toBe('passed')
    expect([service.isUp, service.happened.at(-1)]).toEqual([true, 'put back'])
  })
})
