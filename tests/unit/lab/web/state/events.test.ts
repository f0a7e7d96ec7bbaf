import { expect, test } from '@jest/globals'
import { addEvent, addEvents } from '#lab/web/state/events.ts'
import type { LabEvent } from '#lab/wire/live.ts'

function event (id: number, second: number, kind: LabEvent['kind'] = 'restarted'): LabEvent {
  return {
    id,
    at: `2026-01-01T00:00:0${second}.000Z`,
    kind,
    containerId: 'a',
    service: 'worker',
    name: 'worker-1',
    text: '',
    oom: null
  }
}

test('events are listed newest first', () => {
  expect(addEvents([event(1, 1)], [event(2, 2)]).map(({ id }) => id)).toEqual([2, 1])
})

test('an event sent again after a reconnect is listed once, although a restarted lab numbers from one', () => {
  expect(addEvents([event(7, 1)], [event(1, 1), event(2, 3)])).toHaveLength(2)
})

test('case 11: a new event is the newest, although the clock was set back before it', () => {
  expect(addEvents([event(8, 8), event(7, 7)], [event(9, 1)]).map(({ id }) => id)).toEqual([9, 8, 7])
})

test('case 11: what a lab remembers is listed above what an earlier lab sent, each in its own order', () => {
  const known = [event(90, 9), event(80, 8)]
  const hello = [event(5, 5), event(6, 4)]
  expect(addEvents(addEvents(known, hello), hello).map(({ id }) => id)).toEqual([6, 5, 90, 80])
})

test('the same events sent again change nothing, nor do those that the page no longer keeps', () => {
  const all = Array.from({ length: 150 }, (_, i) => ({ ...event(i, 1), containerId: String(i) }))
  const known = addEvents([], all)
  expect(known).toHaveLength(100)
  expect(addEvents(known, all)).toEqual(known)
})

test('an event of which more is known takes the place of what was known before', () => {
  const known = [event(3, 3), event(2, 2), event(1, 1)]
  const more = { ...event(2, 2), text: 'more' }
  expect(addEvent(known, more)).toEqual([event(3, 3), more, event(1, 1)])
  expect(addEvent(known, event(4, 4)).map(({ id }) => id)).toEqual([4, 3, 2, 1])
})

test('that a container appeared is not listed', () => {
  expect(addEvents([], [event(1, 1, 'appeared'), event(2, 2, 'oom_kill')]).map(({ kind }) => kind)).toEqual([
    'oom_kill'
  ])
})
