import { expect, test } from '@jest/globals'
import { stateOf, type StateInputs } from '#lab/observing/sampling/state.ts'

const calm: StateInputs = {
  awayForMs: null,
  backForMs: null,
  oomKillAgoMs: null,
  isEmpty: false,
  memoryShare: 0.3,
  pidsShare: 0.1,
  throttling: 'not_throttled'
}

test.each<[string, Partial<StateInputs>, string]>([
  ['with nothing special', {}, 'calm'],
  ['of which nothing is known', { memoryShare: null, pidsShare: null, throttling: 'not_measured' }, 'calm'],
  ['away for a second', { awayForMs: 1000 }, 'restarting'],
  ['away for long', { awayForMs: 10_000 }, 'gone'],
  ['back for a second', { backForMs: 1000 }, 'restarting'],
  ['back for long', { backForMs: 60_000 }, 'calm'],
  ['in which something was just killed', { oomKillAgoMs: 500 }, 'oom_killed'],
  ['in which something was killed long ago', { oomKillAgoMs: 60_000 }, 'calm'],
  ['whose main process was killed', { oomKillAgoMs: 500, awayForMs: 100 }, 'restarting'],
  ['whose working set is near the limit', { memoryShare: 0.9 }, 'near_limit'],
  ['whose working set is below that', { memoryShare: 0.89 }, 'calm'],
  ['whose tasks are near the limit', { pidsShare: 0.95 }, 'near_limit'],
  ['throttled in the last second', { throttling: 'throttled' }, 'throttled'],
  ['throttled and near its limit', { throttling: 'throttled', memoryShare: 1 }, 'near_limit'],
  ['without a process', { isEmpty: true }, 'empty'],
  ['without a process, and with page cache up to its limit', { isEmpty: true, memoryShare: 1 }, 'empty'],
  ['without a process, since one was just killed', { isEmpty: true, oomKillAgoMs: 500 }, 'oom_killed'],
  ['without a process, a second after its restart', { isEmpty: true, backForMs: 1000 }, 'restarting'],
  ['gone and near its limit at the last', { awayForMs: 9000, memoryShare: 1 }, 'gone']
])('a container %s', (_case, inputs, state) => {
  expect(stateOf({ ...calm, ...inputs })).toBe(state)
})
