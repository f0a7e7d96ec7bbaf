import { describe, expect, test } from '@jest/globals'
import {
  fitsConfirmation, paceOf, secondsToCome, trialsThatFit, usualTiming as timing, type Pace
} from '#lab/sweep/plan.ts'
import type { Search } from '#lab/wire/sweep.ts'

/** 1 s of rest, 3 s to warm up, 8 s that are judged, 1 s around them; a confirmation judges 15 s. */
const TRIAL = 13
const CONFIRMATION = 20

describe('the time that a sweep takes', () => {
  test.each([
    ['baseline', 1, null, 12 * TRIAL + CONFIRMATION],
    ['baseline', 1, 'cpus', 7 * TRIAL + CONFIRMATION],
    ['cpus', 2, null, 7 * TRIAL + CONFIRMATION],
    ['cpus', 2, 'cpus', 2 * TRIAL + CONFIRMATION],
    ['memory', 3, null, 3 * TRIAL + CONFIRMATION],
    ['confirmation', 1, null, CONFIRMATION]
  ] as const)('from a trial for the %s on, with %d of those to come, searching %s', (purpose, toCome, only, seconds) => {
    expect(secondsToCome(purpose, toCome, only, timing)).toBe(seconds)
  })

  test('leaves room for memory and the confirmation while CPU is searched', () => {
    const fit = (search: Search, only: Search | null, secondsLeft: number): number =>
      trialsThatFit({ search, done: 1, only }, { secondsLeft, slowness: 1 }, timing)
    expect(fit('cpus', null, 4 * TRIAL + CONFIRMATION + 2 * TRIAL)).toBe(2)
    expect(fit('cpus', 'cpus', CONFIRMATION + 2 * TRIAL)).toBe(2)
    expect(fit('memory', null, CONFIRMATION + 2 * TRIAL)).toBe(2)
  })

  test('has room for fewer trials where they take longer than planned', () => {
    const passed = 4 * TRIAL * 1.5
    const slow = (secondsLeft: number): Pace => paceOf(4, passed, passed + secondsLeft, timing)
    expect(slow(10)).toEqual({ secondsLeft: 10, slowness: 1.5 })
    const search = { search: 'memory', done: 1, only: null } as const
    expect(trialsThatFit(search, slow((CONFIRMATION + 2 * TRIAL) * 1.5), timing)).toBe(2)
    expect([fitsConfirmation(slow(30), timing), fitsConfirmation(slow(29), timing)]).toEqual([true, false])
  })

  test.each([[0, 0], [3, 20]])('is never less than planned: %d trials in %d s', (trials, seconds) => {
    expect(paceOf(trials, seconds, 300, timing).slowness).toBe(1)
  })

  test('has no end where somebody types the limits, but so many trials at most', () => {
    const pace = paceOf(3, 100, Infinity, timing)
    expect(trialsThatFit({ search: 'cpus', done: 3, only: null }, pace, timing)).toBe(8)
  })
})
