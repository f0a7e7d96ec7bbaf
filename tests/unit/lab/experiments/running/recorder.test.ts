import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { monotonicUs } from '#cgroup/derived.ts'
import { Recorder } from '#lab/experiments/running/recorder.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { LabEvent } from '#lab/wire/live.ts'
import { fullReading } from '#support/readings.ts'
import { FakeCgroup, foundOf, idOf, momentAt } from '../../support/fakes.ts'

test('case 11: an event is recorded with how long the run had gone on, whatever time the host\'s clock gave it', () => {
  const recorder = new Recorder('v2')
  const event: LabEvent = {
    id: 1,
    at: '1970-01-01T00:00:00.000Z',
    kind: 'gone',
    containerId: 'a',
    service: 'api',
    name: 'lab-api-1',
    text: '',
    oom: null
  }
  recorder.recordEvent(event)
  const [recorded] = recorder.recording().events
  expect(recorded).toMatchObject(event)
  expect(recorded!.atSeconds).toBeGreaterThanOrEqual(0)
  expect(recorded!.atSeconds).toBeLessThanOrEqual(recorder.seconds())
})

test('an event of which more is known is recorded once, with its first time; one from before the run is not recorded', () => {
  const recorder = new Recorder('v2')
  const of = { containerId: 'a', service: 'api', name: 'lab-api-1' }
  const event = { id: 2, at: '', kind: 'oom_kill', ...of, oom: null } as const
  recorder.recordEvent({ ...event, text: 'first' })
  const [first] = recorder.recording().events
  recorder.recordUpdate({ ...event, text: 'more' })
  recorder.recordUpdate({ ...event, id: 1, text: 'before the run' })
  expect(recorder.recording().events).toEqual([{ ...first, text: 'more' }])
})

test('a recording ends now, which is when its last phase ends, also before there is a phase', async () => {
  const recorder = new Recorder('v2')
  expect(recorder.recording().phases).toEqual([])
  recorder.begin('baseline')
  await delay(5)
  const { phases } = recorder.recording()
  expect(phases.at(-1)!.toSeconds).toBeGreaterThan(0)
  expect(phases.at(-1)!.toSeconds).toBeLessThanOrEqual(recorder.seconds())
})

test('a service was read last when its newest reading was taken, and never before there is one', () => {
  const recorder = new Recorder('v2')
  const watched = new WatchedContainer(foundOf(), new FakeCgroup(fullReading()), momentAt(0))
  const { service } = watched.found
  expect(recorder.lastReadSeconds(service)).toBeNull()
  watched.look(momentAt(0), 'shown')
  recorder.recordReadings([watched])
  expect(recorder.lastReadSeconds(service)).toBe(recorder.recording().containers[0]!.atSeconds.at(-1))
  expect(recorder.lastReadSeconds('none')).toBeNull()
})

test('of several services the one that was read least counts, with all its containers, and none is 0', () => {
  const recorder = new Recorder('v2')
  const look = (service: string, id: string) => {
    const reading = fullReading({ monotonicUs: monotonicUs() })
    const watched = new WatchedContainer(foundOf({ service, id: idOf(id) }), new FakeCgroup(reading), momentAt(0))
    watched.look(momentAt(0), 'shown')
    recorder.recordReadings([watched])
  }
  look('api', 'a1')
  look('api', 'a2')
  look('worker', 'b1')
  expect(recorder.fewestReadings(['api'], -1)).toBe(2)
  expect(recorder.fewestReadings(['api', 'worker'], -1)).toBe(1)
  expect(recorder.fewestReadings(['api', 'redis'], -1)).toBe(0)
  expect(recorder.fewestReadings(['api'], recorder.seconds())).toBe(0)
})
