import { describe, expect, test } from '@jest/globals'
import { nextLimit, trialsToCome, type Range, type Tried } from '#lab/sweep/search.ts'
import type { Knee, TrialOutcome } from '#lab/wire/sweep.ts'

const range: Range = { tooLittle: 0.2, enough: 2, first: 0.24, unit: 0.001 }

/** Searches until it is done; `judge` is what a trial at a limit comes to. */
function search (judge: (limit: number, trial: number) => TrialOutcome, given: Range = range, most = 20) {
  const tried: Tried[] = []
  for (;;) {
    const next = nextLimit(tried, given, most - tried.length)
    if ('done' in next) return { knee: next.done, tried }
    tried.push({ limit: next.limit, outcome: judge(next.limit, tried.length) })
  }
}

/** The goal is met from here on. */
const from = (least: number) => (limit: number): TrialOutcome => limit >= least ? 'passed' : 'failed'

/** Between the two there is one that meets the goal and one that does not. */
function ratio ({ passed, failed }: Knee): number { return passed / (failed ?? range.tooLittle) }

describe('a search', () => {
  test.each([0.201, 0.23, 0.25, 0.4, 0.8, 1.9])('finds that %d is needed, within the precision', least => {
    const { knee, tried } = search(from(least))
    expect(knee!.passed).toBeGreaterThanOrEqual(least)
    expect(knee!.failed ?? range.tooLittle).toBeLessThan(least)
    expect(ratio(knee!)).toBeLessThanOrEqual(1.07)
    expect(tried.length).toBeLessThanOrEqual(14)
  })

  test('takes few trials where the guess is near', () => {
    expect(search(from(0.23)).tried.length).toBeLessThanOrEqual(7)
  })

  test('begins with the guess', () => {
    expect(nextLimit([], range, 9)).toEqual({ limit: expect.closeTo(0.24) })
  })

  test('does not begin with a guess that is known to be too little', () => {
    expect(nextLimit([], { ...range, first: 0.1 }, 9)).toEqual({ limit: expect.closeTo(0.26) })
  })

  test.each([0.05, 0.06, 0.07])('of a limit of a few hundredths ends between two of them: %d', least => {
    const coarse: Range = { tooLittle: 0.045, enough: 2, first: 0.055, unit: 0.01 }
    const { knee, tried } = search(limit => from(least)(Math.round(limit * 100) / 100), coarse)
    expect(knee!.passed).toBeCloseTo(least)
    expect(tried.every(({ limit }) => Math.abs(limit * 100 - Math.round(limit * 100)) < 1e-6)).toBe(true)
    expect(tried.length).toBeLessThanOrEqual(7)
  })

  test('tries both limits at the end twice', () => {
    const { knee, tried } = search(from(0.23))
    const times = (limit: number | null): number => tried.filter(trial => trial.limit === limit).length
    expect([times(knee!.passed), times(knee!.failed)]).toEqual([2, 2])
  })

  test('is not decided by one trial that failed by chance', () => {
    const { knee } = search((limit, trial) => trial === 0 ? 'failed' : from(0.21)(limit))
    expect(knee!.passed).toBeLessThan(0.23)
  })

  test('is not decided by one trial that passed by chance', () => {
    const { knee } = search((limit, trial) => trial === 0 ? 'passed' : from(0.3)(limit))
    expect(knee!.passed).toBeGreaterThanOrEqual(0.3)
  })

  test('repeats a trial that measured something else', () => {
    const { knee, tried } = search((limit, trial) => trial < 2 ? 'not_measured' : from(0.23)(limit))
    expect(tried.slice(0, 3).map(({ limit }) => limit)).toEqual([0.24, 0.24, 0.24])
    expect(ratio(knee!)).toBeLessThanOrEqual(1.07)
  })

  test('gives up where trials always measure something else', () => {
    const { knee, tried } = search(() => 'not_measured')
    expect([knee, tried.length]).toEqual([null, 3])
  })

  test('keeps what it has found when trials begin to measure something else', () => {
    const { knee } = search((limit, trial) => trial > 0 ? 'not_measured' : from(0.23)(limit))
    expect(knee).toEqual({ passed: 0.24, failed: null })
  })

  test('ends with what it knows when there is no time for more', () => {
    expect(search(from(0.5), range, 2)).toEqual({
      knee: { passed: 2, failed: 0.24 * 1.3 },
      tried: [{ limit: 0.24, outcome: 'failed' }, { limit: 0.24 * 1.3, outcome: 'failed' }]
    })
  })

  test('does nothing where too little and enough are the same', () => {
    const { knee, tried } = search(from(2), { ...range, tooLittle: 1.95, first: 2.2 })
    expect([knee, tried]).toEqual([{ passed: 2, failed: null }, []])
  })
})

describe('the trials to come', () => {
  test('become fewer', () => {
    const counts = [[], [0.24], [0.24, 0.219]].map(limits =>
      trialsToCome(limits.map(limit => ({ limit, outcome: 'passed' })), range))
    expect(counts).toEqual([4, 4, 3])
  })
})
