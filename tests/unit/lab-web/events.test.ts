import { expect, test } from '@jest/globals'
import type { LabEvent } from '../../../services/lab/wire.ts'
import { addEvents } from '../../../services/lab/web/view/events.ts'

function event (id: number, second: number, kind: LabEvent['kind'] = 'restarted'): LabEvent {
  return { id, at: `2026-01-01T00:00:0${second}.000Z`, kind, containerId: 'a', service: 'worker', name: 'worker-1', text: '', oom: null }
}

test('events are listed newest first', () => {
  expect(addEvents([event(1, 1)], [event(2, 2)]).map(({ id }) => id)).toEqual([2, 1])
})

test('an event told again after a reconnect is listed once, though a lab that restarted counts from one', () => {
  expect(addEvents([event(7, 1)], [event(1, 1), event(2, 3)])).toHaveLength(2)
})

test('that a container appeared is not worth a line', () => {
  expect(addEvents([], [event(1, 1, 'appeared'), event(2, 2, 'oom_kill')]).map(({ kind }) => kind)).toEqual(['oom_kill'])
})
