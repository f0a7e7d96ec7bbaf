import { expect, test } from '@jest/globals'
import { createRunsState, onExperiments, onOpened, onRun, onRuns, runOf } from '#lab/web/state/runs.ts'
import { judged, momentOf, run } from '../support/runs.ts'

const now = momentOf(1)

test('a run begins, runs, and ends', () => {
  const state = createRunsState()
  onRun(state, run(), now)
  expect(state.running?.id).toBe('run-1')
  onRun(state, judged('holds'), now)
  expect(state.running).toBeNull()
  expect(runOf(state, 'run-1')?.verdict?.outcome).toBe('holds')
})

test('each phase begins when it was first reported', () => {
  const state = createRunsState()
  onRun(state, run({ phase: 'baseline' }), null)
  onRun(state, run({ phase: 'action' }), now)
  onRun(state, run({ phase: 'action', steps: [{ atSeconds: 2, text: 'posting' }] }), momentOf(9))
  expect(state.phases).toEqual([{ name: 'baseline', atSeconds: 0 }, { name: 'action', atSeconds: 1 }])
})

test('the end of an older run does not end the running one', () => {
  const state = createRunsState()
  onRun(state, run({ id: 'new' }), now)
  onRun(state, judged('holds', { id: 'old' }), now)
  expect(state.running?.id).toBe('new')
})

test('the lab’s answer replaces what was believed to be running', () => {
  const state = createRunsState()
  onRun(state, run(), now)
  onExperiments(state, [], null)
  expect(state.running).toBeNull()
})

test('runs are newest first, and each is listed once', () => {
  const state = createRunsState()
  onRuns(state, [judged('holds', { id: 'a', startedAt: '2026-11-22T08:00:00.000Z' })])
  onRun(state, run({ id: 'b' }), now)
  onRun(state, run({ id: 'b', phase: 'action' }), now)
  expect(state.runs.map(({ id }) => id)).toEqual(['b', 'a'])
})

test('case 11: a run that begins after the clock was set back is still the newest', () => {
  const state = createRunsState()
  onRuns(state, [judged('holds', { id: 'a', startedAt: '2026-11-22T09:05:00.000Z' })])
  onRun(state, run({ id: 'b' }), now)
  expect(state.runs.map(({ id }) => id)).toEqual(['b', 'a'])
})

test('a running run is not kept as one with its readings', () => {
  const state = createRunsState()
  onOpened(state, { ...run(), recording: null, facts: null })
  expect(state.opened).toBeNull()
  onOpened(state, { ...judged('holds'), recording: null, facts: null })
  expect(state.opened?.id).toBe('run-1')
})

test('a list that was made before a run ended does not bring it back', () => {
  const state = createRunsState()
  onRun(state, judged('holds'), now)
  onRuns(state, [run()])
  expect(runOf(state, 'run-1')?.state).toBe('finished')
})
