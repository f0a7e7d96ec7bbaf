import { expect, test } from '@jest/globals'
import { emptyColumns } from '#lab/web/state/columns.ts'
import { compare, createLoadsState, onLoad, onLoads, runningLoad } from '#lab/web/state/loads.ts'
import { finished, live, load } from '../support/loads.ts'

test('the reports of a running load are kept, each once', () => {
  const state = createLoadsState()
  const reports = [load(), load({ live: live(0.25) }), load({ live: live(0.25) }), load({ live: live(0.5) })]
  for (const report of reports) onLoad(state, report, emptyColumns())
  expect(state.lives.get('load-1')!.map(({ atSeconds }) => atSeconds)).toEqual([0.25, 0.5])
  expect(runningLoad(state)?.id).toBe('load-1')
})

test('a report after its end does not bring a load back', () => {
  const state = createLoadsState()
  onLoad(state, finished(), emptyColumns())
  onLoad(state, load({ live: live(20) }), emptyColumns())
  expect(runningLoad(state)).toBeNull()
})

test('what the lab has forgotten is forgotten here too', () => {
  const state = createLoadsState()
  onLoad(state, finished({ id: 'old' }), emptyColumns())
  compare(state, 'old', true)
  onLoads(state, [finished({ id: 'new' })])
  expect([state.loads.length, state.lives.has('old'), state.throttledShares.has('old'), state.compared]).toEqual([
    1,
    false,
    false,
    []
  ])
})

test('when a fifth load is to be compared, the oldest choice makes room', () => {
  const state = createLoadsState()
  for (const id of ['a', 'b', 'c', 'd', 'e']) compare(state, id, true)
  compare(state, 'c', false)
  expect(state.compared).toEqual(['b', 'd', 'e'])
})

test('case 11: a load that begins after the clock was set back is still the newest', () => {
  const state = createLoadsState()
  onLoad(state, finished({ id: 'old', startedAt: '2026-11-22T09:09:00.000Z' }), emptyColumns())
  onLoad(state, load({ id: 'new' }), emptyColumns())
  expect(state.loads.map(({ id }) => id)).toEqual(['new', 'old'])
})
