import { expect, test } from '@jest/globals'
import { Recorder } from '#lab/experiments/running/recorder.ts'
import type { LabEvent } from '#lab/wire/live.ts'

test('case 11: an event is recorded with how long the run had gone on, whatever time the host\'s clock gave it', () => {
  const recorder = new Recorder('v2')
  const event: LabEvent = { id: 1, at: '1970-01-01T00:00:00.000Z', kind: 'gone', containerId: 'a', service: 'api', name: 'lab-api-1', text: '', oom: null }
  recorder.tell(event)
  const [told] = recorder.recording().events
  expect(told).toMatchObject(event)
  expect(told!.atSeconds).toBeGreaterThanOrEqual(0)
  expect(told!.atSeconds).toBeLessThanOrEqual(recorder.seconds())
})
