import { expect, test } from '@jest/globals'
import { sinceLast } from '#lab/broadcast.ts'
import { EventLog, type NewEvent } from '#lab/events.ts'

const event = (text: string): NewEvent => ({
  kind: 'gone',
  containerId: 'a',
  service: 'api',
  name: 'lab-api-1',
  text,
  oom: null
})

function logOf (...texts: string[]): EventLog {
  const log = new EventLog(() => 1000, 3)
  for (const text of texts) log.add(event(text))
  return log
}

test('events get rising ids and a time, and listeners get them', () => {
  const log = logOf()
  const received: string[] = []
  log.onAdd(({ id, at, text }) => received.push(`${id} ${at} ${text}`))
  log.add(event('one'))
  log.add(event('two'))
  expect(received).toEqual(['1000 1970-01-01T00:00:01.000Z one', '1001 1970-01-01T00:00:01.000Z two'])
})

test('an event of which more is known keeps its id, its time and its place, and listeners get it again', () => {
  const log = logOf('one')
  const two = log.add(event('two'))
  const received: string[] = []
  log.onAdd(({ text }) => received.push(`new ${text}`))
  log.onUpdate(({ id, text }) => received.push(`${id} ${text}`))
  log.add(event('three'))
  log.update(two, { text: 'two, by now', oom: null })
  expect(log.all().map(({ id, text }) => `${id} ${text}`)).toEqual(['1000 one', '1001 two, by now', '1002 three'])
  expect(received).toEqual(['new three', '1001 two, by now'])
})

test('an event that is no longer kept is not kept again when more is known of it', () => {
  const log = logOf()
  const first = log.add(event('first'))
  for (const text of ['2', '3', '4']) log.add(event(text))
  log.update(first, { text: 'first, by now', oom: null })
  expect(log.all().map(({ text }) => text)).toEqual(['2', '3', '4'])
})

test('only the newest events are kept', () => {
  expect(logOf('1', '2', '3', '4').all().map(({ text }) => text)).toEqual(['2', '3', '4'])
})

test.each([
  ['for the first time has all of them in its greeting', NaN, ['1', '2', '3'], []],
  ['that was sent one is sent the rest', 1000, ['1'], ['2', '3']],
  ['that was sent all is sent none', 1002, ['1', '2', '3'], []],
  ['with an id of another life of the lab is sent all', 5, [], ['1', '2', '3']],
  ['with an id of a life before the host\'s clock was set back is sent all', 600_000, [], ['1', '2', '3']]
])('a browser that comes %s', (_case, lastId, known, missed) => {
  const parts = sinceLast(logOf('1', '2', '3').all(), lastId)
  expect([parts.known.map(({ text }) => text), parts.missed.map(({ text }) => text)]).toEqual([known, missed])
})
