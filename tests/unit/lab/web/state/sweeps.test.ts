import { expect, test } from '@jest/globals'
import { createSweepsState, onSweep, onSweeps, runningSweep, shownSweep } from '#lab/web/state/sweeps.ts'
import { sweepOf, trialOf } from '../../support/trials.ts'

test('a sweep is added once, and then replaced', () => {
  const state = createSweepsState()
  onSweep(state, sweepOf({ trials: [] }), 100)
  onSweep(state, sweepOf({ trials: [trialOf()] }), 110)
  expect(state).toMatchObject({ sweeps: [{ trials: [{ number: 1 }] }], reportedUptimeSeconds: 110 })
})

test.each([
  ['fewer trials', sweepOf({ trials: [] })],
  ['an earlier state', sweepOf({ state: 'running', trials: [trialOf()] })]
])('an answer with %s, which came late, changes nothing', (_name, late) => {
  const state = createSweepsState()
  onSweep(state, sweepOf({ state: 'finished', trials: [trialOf()] }), 100)
  onSweep(state, late, 101)
  expect(state).toMatchObject({ sweeps: [{ state: 'finished' }], reportedUptimeSeconds: 100 })
})

test('what the lab has forgotten is forgotten', () => {
  const state = createSweepsState()
  onSweep(state, sweepOf(), 100)
  onSweeps(state, [sweepOf({ id: 'b' })], 101)
  expect(state.sweeps.map(({ id }) => id)).toEqual(['b'])
})

test('the sweep in the address is shown, otherwise the running one, otherwise the newest', () => {
  const state = createSweepsState()
  const ended = ['c', 'a'].map(id => sweepOf({ id, state: 'finished' }))
  onSweeps(state, [ended[0]!, sweepOf({ id: 'b' }), ended[1]!], 1)
  expect(shownSweep(state, 'a')?.id).toBe('a')
  expect(shownSweep(state, 'forgotten')?.id).toBe('b')
  state.sweeps = state.sweeps.filter(sweep => sweep !== runningSweep(state))
  expect(shownSweep(state, null)?.id).toBe('c')
})
