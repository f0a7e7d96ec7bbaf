import { expect, test } from '@jest/globals'
import { EventLog, type NewEvent } from '#lab/events.ts'
import { sinceLast } from '#lab/routes/live.ts'

const event = (text: string): NewEvent => ({ kind: 'gone', containerId: 'a', service: 'api', name: 'lab-api-1', text, oom: null })

function logOf (...texts: string[]): EventLog {
  const log = new EventLog(() => 1000, 3)
  for (const text of texts) log.add(event(text))
  return log
}

test('events get rising ids and a time, and listeners hear of them', () => {
  const log = logOf()
  const heard: string[] = []
  log.onAdd(({ id, at, text }) => heard.push(`${id} ${at} ${text}`))
  log.add(event('one'))
  log.add(event('two'))
  expect(heard).toEqual(['1000 1970-01-01T00:00:01.000Z one', '1001 1970-01-01T00:00:01.000Z two'])
})

test('only the newest events are kept', () => {
  expect(logOf('1', '2', '3', '4').all().map(({ text }) => text)).toEqual(['2', '3', '4'])
})

test.each([
  ['for the first time has all of them in its greeting', NaN, ['1', '2', '3'], []],
  ['having heard of one is told the rest', 1000, ['1'], ['2', '3']],
  ['having heard of all is told none', 1002, ['1', '2', '3'], []],
  ['with an id of another life of the lab is told all', 5, [], ['1', '2', '3']],
  ['with an id of a life before the host\'s clock was set back is told all', 600_000, [], ['1', '2', '3']]
])('a browser that comes %s', (_case, lastId, told, missed) => {
  const parts = sinceLast(logOf('1', '2', '3').all(), lastId)
  expect([parts.told.map(({ text }) => text), parts.missed.map(({ text }) => text)]).toEqual([told, missed])
})
