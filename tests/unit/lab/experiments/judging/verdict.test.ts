import { expect, test } from '@jest/globals'
import { neighboursUntouched, noKills, succeeded } from '#lab/experiments/judging/checks.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import { verdictOf } from '#lab/experiments/judging/verdict.ts'
import { kernelName } from '#lab/experiments/series.ts'
import { containerWith, recordingOf } from '../../support/recordings.ts'

const checks = (...all: Array<boolean | null>) => all.map(holds => ({ claim: '', source: '', saw: '', holds }))

test.each([
  ['every check holds', 'holds', [true, true]],
  ['one check fails, even where another is open', 'does_not_hold', [true, null, false]],
  ['one check is open', 'not_measured', [true, null]],
  ['there is no check', 'not_measured', []]
] as const)('when %s, the verdict is %s', (_case, outcome, held) => {
  expect(verdictOf({ saw: '', checks: checks(...held) }).outcome).toBe(outcome)
})

const calm = { oomKill: [0, 0, 0, 0, 0] }

function neighbours (api: ReturnType<typeof containerWith>, health: Array<{ atSeconds: number, down: string[] }>) {
  const recording = recordingOf({ ...containerWith(calm) }, { ...api, service: 'api' })
  return neighboursUntouched(new Evidence({ ...recording, health }), 'worker').map(({ holds }) => holds)
}

test('neighbours that live on and answer are untouched, one slow answer included', () => {
  expect(
    neighbours(containerWith(calm), [
      { atSeconds: 1, down: ['worker', 'api'] },
      { atSeconds: 2, down: ['worker'] }
    ])
  ).toEqual([true, true, true])
})

test('a neighbour that was killed, restarted and away is not untouched', () => {
  expect(
    neighbours(containerWith({ oomKill: [0, 0, 1, 0, 0] }, [1, 1, 1, 2, 2]), [
      { atSeconds: 2, down: ['api'] },
      { atSeconds: 3, down: ['api'] }
    ])
  ).toEqual([false, false, false])
})

test('neighbours without readings are not measured', () => {
  expect(neighbours(containerWith({ oomKill: [null, null] }), [])).toEqual([null, true, null])
})

test('files have the name of the host\'s cgroup version; a hybrid host has these controllers on v1', () => {
  expect(['v2', 'v1', 'hybrid'].map(version => kernelName('oomKill', version as 'v1'))).toEqual(
    ['memory.events oom_kill', 'memory.oom_control oom_kill', 'memory.oom_control oom_kill'])
})

test('kills in one service are attributed to that one', () => {
  const evidence = new Evidence(recordingOf(containerWith(calm)))
  expect(noKills(evidence, ['worker'])).toMatchObject({
    claim: 'no process is killed in the worker',
    saw: '+0',
    holds: true
  })
})

test.each([
  [{ status: 'succeeded', error: null }, 'succeeded', true],
  [{ status: 'failed', error: { code: 'oom_killed', message: '' } }, 'oom_killed', false],
  [{ status: 'cancelled', error: null }, 'cancelled', false]
] as const)('a job is described by its status, or by why it failed: %p', (job, saw, holds) => {
  expect(succeeded({ id: '1', kind: 'cpu', attempts: 1, usage: null, result: null, ...job })).toMatchObject({
    saw,
    holds
  })
})
