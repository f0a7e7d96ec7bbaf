import { describe, expect, test } from '@jest/globals'
import type { OomCause } from '#cgroup/oom-cause.ts'
import { killedAsAWhole, killedForOwnLimit, noneLost, startedAgain } from '#lab/experiments/judging/death-checks.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import type { LabEvent } from '#lab/wire/live.ts'
import { containerWith, recordingOf } from '../../support/recordings.ts'

function killOf (service: string, kills: number): LabEvent {
  const oom = {
    kills,
    cause: 'not_counted' as const,
    peakBytes: 2 ** 28,
    peakFrom: 'samples' as const,
    limitBytes: 2 ** 28,
    victim: 'pid1' as const
  }
  return {
    id: 1,
    at: '',
    kind: 'oom_kill',
    containerId: 'a1',
    service,
    name: `lab-${service}-1`,
    text: `${service} +${kills}`,
    oom
  }
}

function evidenceOf ({ events = [] as LabEvent[], life = [1, 1, 1] } = {}): Evidence {
  return new Evidence({ ...recordingOf(containerWith({ oomKill: life.map(() => 0) }, life)), events })
}

describe('a container that was killed as a whole', () => {
  test('was killed where the lab kept a count of it, with the words of the event', () => {
    expect(killedAsAWhole(evidenceOf({ events: [killOf('api', 1), killOf('worker', 1)] }), 'worker')).toMatchObject({
      holds: true,
      saw: 'worker +1'
    })
  })

  test('was not killed where nothing happened to it', () => {
    expect(killedAsAWhole(evidenceOf({ events: [killOf('api', 1)] }), 'worker')).toMatchObject({
      holds: false,
      saw: 'no kill'
    })
  })

  test('is not known to be killed where it died at its limit and no kill was counted', () => {
    expect(killedAsAWhole(evidenceOf({ events: [killOf('worker', 0)] }), 'worker').holds).toBeNull()
  })
})

describe('the limit that was the reason for a kill', () => {
  const killFor = (cause: OomCause, service = 'worker'): LabEvent => {
    const event = killOf(service, 1)
    return { ...event, text: cause, oom: { ...event.oom!, cause } }
  }

  test.each<[string, LabEvent[], Array<{ holds: boolean, saw: string }>]>([
    ['is its own where each time it was', [killFor('own_limit'), killFor('own_limit')], [{ holds: true, saw: 'own_limit' }]],
    ['is not its own where once it was another', [killFor('own_limit'), killFor('not_own_limit')], [{ holds: false, saw: 'not_own_limit' }]],
    ['is left open where the kernel does not count it', [killFor('not_counted')], []],
    ['is left open where nothing was killed', [killFor('own_limit', 'api')], []]
  ])('%s', (_case, events, checks) => {
    expect(killedForOwnLimit(evidenceOf({ events }), 'worker')).toMatchObject(checks)
  })

  test('is left open in a run that was recorded before causes were', () => {
    const { oom, ...event } = killOf('worker', 1)
    const { cause: _, ...older } = oom!
    expect(killedForOwnLimit(evidenceOf({ events: [{ ...event, oom: older as LabEvent['oom'] }] }), 'worker')).toEqual(
      []
    )
  })
})

test.each<[string, number[], boolean | null]>([
  ['two lives was started again', [1, 1, 2], true],
  ['one life was not', [1, 1, 1], false],
  ['no reading is not known to be', [], null]
])('a container with %s', (_case, life, holds) => {
  expect(startedAgain(evidenceOf({ life }), 'worker').holds).toBe(holds)
})

test.each<[string, string[], boolean | null, string]>([
  ['all succeeded', ['succeeded', 'succeeded'], true, 'of 2: 2 succeeded'],
  ['one still waits', ['succeeded', 'queued'], false, 'of 2: 1 succeeded, 1 queued'],
  ['one is not known', ['succeeded', ''], false, 'of 2: 1 succeeded, 1 not known'],
  ['there were none', [], null, 'of 0: ']
])('of jobs of which %s', (_case, statuses, holds, saw) => {
  const jobs = statuses.map(status => status === '' ? null : { status: status as 'queued' })
  expect(noneLost(jobs)).toMatchObject({ holds, saw })
})
