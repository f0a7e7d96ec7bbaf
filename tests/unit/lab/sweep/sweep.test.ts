import { describe, expect, test } from '@jest/globals'
import { usualTiming } from '#lab/sweep/plan.ts'
import { LiveSweep, type SweepDeps } from '#lab/sweep/sweep.ts'
import type { PlannedTrial } from '#lab/sweep/trial.ts'
import type { SweepSpec, SweepView, Trial, TrialFigures, TrialOutcome } from '#lab/wire/sweep.ts'
import { before, figuresOf, requestSpec } from '../support/trials.ts'

const MIB = 2 ** 20
const machine = { cpus: 2, memoryBytes: 8192 * MIB }

type Judge = (planned: PlannedTrial) => { outcome: TrialOutcome, figures?: Partial<TrialFigures> | null }

/** A service that needs a quarter of a CPU and 80 MiB. */
const ordinary: Judge = ({ limits: { cpus, memoryBytes } }) =>
  ({ outcome: Number(cpus) >= 0.25 && Number(memoryBytes) >= 80 * MIB ? 'passed' : 'failed' })

function setUp (judge: Judge, given: Partial<SweepDeps> = {}, asked: Partial<SweepSpec> = {}) {
  const tried: PlannedTrial[] = []
  const views: SweepView[] = []
  let putBacks = 0
  const sweep = new LiveSweep({ ...requestSpec, ...asked }, {
    machine,
    before,
    runner: {
      run: async (planned, signal, onStep): Promise<Trial> => {
        signal.throwIfAborted()
        tried.push(planned)
        onStep('judging')
        const { outcome, figures } = judge(planned)
        const checks = outcome === 'passed' ? [] : [{ claim: 'p99', source: '', saw: '400 ms', holds: false }]
        const seen = figures === null ? null : figuresOf({ cores: 0.24, ...figures })
        return { ...planned, outcome, checks, figures: seen }
      }
    },
    putBack: async () => { putBacks++ },
    isByHand: false,
    onChange: view => views.push(view),
    ...given
  })
  const ended = async () => {
    await sweep.perform()
    return { view: sweep.view, tried, views, putBacks }
  }
  return { sweep, ended }
}

describe('a sweep', () => {
  test('goes from the baseline over CPU and memory to a confirmed recommendation', async () => {
    const { view, tried } = await setUp(ordinary).ended()
    expect(view).toMatchObject({ state: 'finished', result: { outcome: 'recommended' }, current: null, error: null })
    expect([...new Set(tried.map(({ purpose }) => purpose))]).toEqual(['baseline', 'cpus', 'memory', 'confirmation'])
    const { cpus, memoryBytes } = view.result!.recommended!
    const times = [Number(cpus) / 0.25, Number(memoryBytes) / MIB / 80]
    expect(times.map(times => times > 1.19 && times < 1.3)).toEqual([true, true])
  })

  test('of CPU only leaves memory as it is', async () => {
    const { view, tried } = await setUp(ordinary, {}, { only: 'cpus' }).ended()
    expect([...new Set(tried.map(({ purpose }) => purpose))]).toEqual(['baseline', 'cpus', 'confirmation'])
    const { memoryBytes } = before
    expect(view.result).toMatchObject({ recommended: { memoryBytes }, knees: { memoryBytes: null } })
    expect(view.result!.summary).toMatch(/^0\.2\d CPU is the least with which api meets the goal/)
  })

  test('of memory only leaves CPU as it is, also in the baseline', async () => {
    const { view, tried } = await setUp(ordinary, {}, { only: 'memory' }).ended()
    expect([...new Set(tried.map(({ purpose }) => purpose))]).toEqual(['baseline', 'memory', 'confirmation'])
    expect(new Set(tried.map(({ limits }) => limits.cpus))).toEqual(new Set([before.cpus]))
    expect(view.result).toMatchObject({ recommended: { cpus: before.cpus }, knees: { cpus: null } })
  })

  test('begins with all CPUs of the machine, and the memory that there is', async () => {
    const { tried } = await setUp(ordinary).ended()
    expect(tried[0]).toEqual({ number: 1, purpose: 'baseline', limits: { ...before, cpus: 2 } })
  })

  test('searches memory with the CPU limit that it will recommend', async () => {
    const { tried, view } = await setUp(ordinary).ended()
    const cpus = tried.filter(({ purpose }) => purpose !== 'cpus').slice(1).map(({ limits }) => limits.cpus)
    expect(new Set(cpus)).toEqual(new Set([view.result!.recommended!.cpus]))
  })

  test('shows each step and each trial as it comes', async () => {
    const { views, tried } = await setUp(ordinary).ended()
    expect(views.filter(({ current }) => current?.step === 'judging')).toHaveLength(tried.length)
    expect(views.at(-1)!.trials).toHaveLength(tried.length)
  })

  test('says so when the goal is not even met with all CPUs', async () => {
    const { view, tried, putBacks } = await setUp(() => ({ outcome: 'failed' })).ended()
    expect(view.result).toMatchObject({ outcome: 'goal_not_met', recommended: null, compose: null })
    expect(view.result!.summary).toMatch('No limit up to the 2 CPUs of this machine meets the goal at 40 a second')
    expect([tried.length, putBacks]).toEqual([3, 1])
  })

  test('says so when something else was the bottleneck', async () => {
    const { view } = await setUp(() => ({ outcome: 'not_measured' })).ended()
    expect(view.result).toMatchObject({ outcome: 'not_measured', recommended: null })
  })

  test('gives a service more memory that is killed for want of it, before anything else', async () => {
    const judge: Judge = ({ limits: { memoryBytes } }) =>
      Number(memoryBytes) < 400 * MIB ? { outcome: 'failed', figures: { oomKills: 1 } } : { outcome: 'passed' }
    const { tried } = await setUp(judge).ended()
    expect(tried.slice(0, 2).map(({ limits }) => Number(limits.memoryBytes) / MIB)).toEqual([256, 512])
  })

  test('does not recommend what a second confirmation did not confirm either', async () => {
    const judge: Judge = planned => planned.purpose === 'confirmation' ? { outcome: 'failed' } : ordinary(planned)
    const { view, tried } = await setUp(judge).ended()
    expect(view.result).toMatchObject({ outcome: 'not_confirmed' })
    expect(view.result!.summary).toMatch('do not rely on them')
    expect(tried.filter(({ purpose }) => purpose === 'confirmation')).toHaveLength(2)
  })

  test('confirms only once if there is no time left', async () => {
    const judge: Judge = planned => planned.purpose === 'confirmation' ? { outcome: 'failed' } : ordinary(planned)
    const { view, tried } = await setUp(judge, { timing: { ...usualTiming, mostSeconds: 10 } }).ended()
    expect(view.result).toMatchObject({ outcome: 'not_confirmed' })
    expect(tried.map(({ purpose }) => purpose)).toEqual(['baseline', 'confirmation'])
  })

  test('leaves memory out where the kernel does not count it', async () => {
    const judge: Judge = planned => ({ ...ordinary(planned), figures: { anonPeakBytes: null, peakBytes: null } })
    const { view, tried } = await setUp(judge).ended()
    expect(tried.some(({ purpose }) => purpose === 'memory')).toBe(false)
    expect(view.result!.recommended!.memoryBytes).toBe(before.memoryBytes)
  })

  test('of memory only says so where the kernel does not count it', async () => {
    const judge: Judge = planned => ({ ...ordinary(planned), figures: { anonPeakBytes: null, peakBytes: null } })
    const { view } = await setUp(judge, {}, { only: 'memory' }).ended()
    const summary = 'The kernel does not count here what api uses, so no limit can be searched for.'
    expect(view.result).toMatchObject({ outcome: 'not_measured', recommended: null, summary })
  })

  test('ends in time with what it knows', async () => {
    const { view, tried } = await setUp(ordinary, { timing: { ...usualTiming, mostSeconds: 30 } }).ended()
    expect(tried.map(({ purpose }) => purpose)).toEqual(['baseline', 'confirmation'])
    expect(view.result!.knees.cpus).toEqual({ passed: 2, failed: null })
  })

  test.each(['cancelled', 'interrupted'] as const)('that is %s puts the limits back and has no result', async reason => {
    const { sweep, ended } = setUp(planned => {
      if (planned.number === 3) sweep.stop(reason)
      return ordinary(planned)
    })
    const { view, putBacks } = await ended()
    expect([view.state, view.result, view.trials.length, putBacks]).toEqual([reason, null, 3, 1])
  })

  test('that cannot go on says why, and puts the limits back', async () => {
    const { view, putBacks } = await setUp(() => { throw new Error('the broker is away') }).ended()
    expect([view.state, view.error, putBacks]).toEqual(['failed', 'the broker is away', 1])
  })

  test('says at the start how long it takes, and less and less while it runs', async () => {
    const { views, view } = await setUp(ordinary).ended()
    expect(view.plannedSeconds).toBeGreaterThan(120)
    expect(view.plannedSeconds).toBeLessThan(300)
    expect(views[0]!.remainingSeconds).toBeGreaterThan(views.at(-3)!.remainingSeconds)
    expect(view.remainingSeconds).toBe(0)
  })
})
