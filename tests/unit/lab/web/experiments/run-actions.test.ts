import { expect, test } from '@jest/globals'
import { runActions, type Moment } from '#lab/web/experiments/run-actions.ts'

const before: Moment = { run: null, isBusy: false, isChosen: false, pressed: null }

test.each([
  ['before a run', before, ['run']],
  ['while it runs', { ...before, run: { state: 'running' } }, ['cancel']],
  ['after it', { ...before, run: { state: 'finished' } }, ['verdict']],
  ['after it was cancelled', { ...before, run: { state: 'cancelled' } }, ['verdict']]
] as const)('%s, one button is shown', (_when, moment, shown) => {
  expect(Object.entries(runActions(moment)).filter(([, { isShown }]) => isShown).map(([name]) => name)).toEqual(shown)
})

test('running without a prediction is possible, but not the main action', () => {
  expect(runActions(before).run).toMatchObject({ isDisabled: false, isMain: false, text: 'Run without a prediction' })
  expect(runActions({ ...before, isChosen: true }).run).toMatchObject({ isDisabled: false, isMain: true, text: 'Run' })
})

test('while another experiment runs, this one cannot be started', () => {
  expect(runActions({ ...before, isBusy: true }).run.isDisabled).toBe(true)
})

test('a button that was pressed cannot be pressed again before there is an answer', () => {
  expect(runActions({ ...before, pressed: 'run' }).run).toMatchObject({ isDisabled: true, text: 'Starting…' })
  expect(runActions({ ...before, run: { state: 'running' }, pressed: 'cancel' }).cancel).toMatchObject({ isDisabled: true, text: 'Cancelling…' })
})
