import { expect, test } from '@jest/globals'
import { experimentOn } from '#lab/web/learn/about.ts'

type State = Parameters<typeof experimentOn>[0]['state']

function of (state: State, memory: number | null = null, pids: number | null = null): string | null {
  return experimentOn({ state, memory: { shareOfLimit: memory }, pids: { shareOfLimit: pids } })
}

test('a state that comes from a limit leads to the experiment with that limit', () => {
  expect(of('throttled')).toBe('cpu-limit')
  expect(of('oom_killed')).toBe('memory-limit')
  expect(of('near_limit', 0.95, 0.2)).toBe('memory-limit')
  expect(of('near_limit', 0.3, 0.97)).toBe('pids-limit')
  expect(of('near_limit')).toBe('memory-limit')
})

test.each(['calm', 'empty', 'gone', 'restarting'] as const)('%s comes from no limit', state => {
  expect(of(state)).toBeNull()
})
