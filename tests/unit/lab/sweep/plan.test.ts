import { describe, expect, test } from '@jest/globals'
import { fitsConfirmation, secondsToCome, slownessOf, trialsThatFit, usualTiming as timing } from '#lab/sweep/plan.ts'

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
    expect(trialsThatFit('cpus', 1, null, 4 * TRIAL + CONFIRMATION + 2 * TRIAL, 1, timing)).toBe(2)
    expect(trialsThatFit('cpus', 1, 'cpus', CONFIRMATION + 2 * TRIAL, 1, timing)).toBe(2)
    expect(trialsThatFit('memory', 1, null, CONFIRMATION + 2 * TRIAL, 1, timing)).toBe(2)
  })

  test('has room for fewer trials where they take longer than planned', () => {
    const slowness = slownessOf(4, 4 * TRIAL * 1.5, timing)
    expect(slowness).toBe(1.5)
    expect(trialsThatFit('memory', 1, null, (CONFIRMATION + 2 * TRIAL) * 1.5, slowness, timing)).toBe(2)
    expect([fitsConfirmation(30, slowness, timing), fitsConfirmation(29, slowness, timing)]).toEqual([true, false])
  })

  test.each([[0, 0], [3, 20]])('is never less than planned: %d trials in %d s', (trials, seconds) => {
    expect(slownessOf(trials, seconds, timing)).toBe(1)
  })

  test('has no end where somebody types the limits, but so many trials at most', () => {
    expect(trialsThatFit('cpus', 3, null, Infinity, 1, timing)).toBe(8)
  })
})
