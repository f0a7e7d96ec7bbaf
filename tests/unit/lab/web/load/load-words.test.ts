import { expect, test } from '@jest/globals'
import {
  comparedRows,
  dueRate,
  figuresOf,
  keptWords,
  orderWords,
  pacePhrase,
  paceWords,
  pathWords,
  progressWords
} from '#lab/web/load/load-words.ts'
import { failureWords } from '#lab/words.ts'
import { connections, figures, finished, latency, live, load, spec } from '../support/loads.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const figure = (of: Parameters<typeof figuresOf>[0], name: string) =>
  plain(figuresOf(of).find(one => one.name === name)!.text)

test('a load is named by its service and its request', () => {
  expect(pathWords(spec)).toBe('api /work/cpu?ms=5')
  expect(pathWords({ ...spec, method: 'POST', path: '/jobs' })).toBe('api POST /jobs')
  expect(plain(pacePhrase({ ratesPerSecond: [20, 60], durationSeconds: 30 }))).toBe('20, 60/s for 30 s')
})

test.each([[0, 20], [9.9, 20], [10, 60], [29.9, 100], [30, 100], [30.1, null]])('at %p s of three rates in 30 s, %p are due a second', (at, rate) => {
  expect(dueRate({ ratesPerSecond: [20, 60, 100], durationSeconds: 30 }, at)).toBe(rate)
})

test('the figures of a running load are those of its last second', () => {
  const running = load({ live: live(5) })
  expect([figure(running, 'answered'), figure(running, 'p99'), figure(running, 'in flight')]).toEqual([
    '49.5/s of 50/s',
    '12.0 ms',
    '3'
  ])
  expect(figure(load({ live: live(5, { waiting: 7 }) }), 'in flight')).toBe('3, 7 waiting')
})

test('the figures of a finished load are those of the whole load', () => {
  const slow = finished({}, figures({ succeeded: 600, failed: 400, latency: latency(2400) }))
  expect([figure(slow, 'answered'), figure(slow, 'p99'), figure(slow, 'failed')]).toEqual([
    '30/s of 50/s',
    '2.4 s',
    '400 of 1000'
  ])
  expect(
    figuresOf(slow)
      .filter(({ isBad }) => isBad)
      .map(({ name }) => name)
  ).toEqual(['failed'])
})

test('without a load there is nothing, and no zero', () => {
  expect(new Set(figuresOf(null).map(({ text }) => text))).toEqual(new Set(['–']))
})

test('failed requests are counted by kind', () => {
  expect(failureWords(figures({ statuses: { '2xx': 0, '3xx': 0, '4xx': 3, '5xx': 0 }, timeouts: 9, missedSends: 1 }))).toBe('3 4xx, 9 timed out, 1 never sent')
  expect(failureWords(figures())).toBe('')
})

test('the generator says whether it can be believed', () => {
  expect(paceWords(finished())).toEqual({ isKept: true, text: 'The generator kept the pace.' })
  expect(paceWords(finished({}, figures(), false)).isKept).toBe(false)
  expect(plain(paceWords(finished({ state: 'cancelled' })).text)).toBe('Cancelled after 20.0 s. The generator kept the pace.')
  expect(paceWords(load({ state: 'failed', error: 'no such host' })).text).toBe('It failed: no such host.')
})

test.each([
  ['kept pace', finished()],
  ['did not keep pace', finished({}, figures(), false)],
  ['running', load()],
  ['cancelled', load({ state: 'cancelled' })]
] as const)('a load is called %s in a table', (words, one) => {
  expect(keptWords(one)).toBe(words)
})

test('it is said only if new connections waited, because usually they do not', () => {
  const summary = finished().summary!
  expect(
    orderWords({
      summary: { ...summary, connections: connections({ inTurn: false, text: 'New connections waited.' }) }
    })
  ).toBe('New connections waited.')
  expect(
    [true, null].map(inTurn => orderWords({ summary: { ...summary, connections: connections({ inTurn }) } }))
  ).toEqual(['', ''])
  expect(orderWords(load())).toBe('')
})

test('at the end, progress says what the load waits for', () => {
  expect(progressWords(load({ live: live(5.9) }))).toBe('5 s of 20 s')
  expect(progressWords(load({ live: live(21.5) }))).toBe('20 s are over; waiting for the last answers')
  expect(progressWords(finished())).toBe('')
})

test('side by side, latencies are given as multiples of the first load’s', () => {
  const rows = comparedRows(
    [finished({}, figures({ latency: latency(20) })), finished({ id: 'b' }, figures({ latency: latency(2000) }))],
    [0, 0.62]
  )
  expect(rows.find(({ name }) => name === 'p99')).toEqual({
    name: 'p99',
    texts: ['20.0\u00a0ms', '2.0\u00a0s'],
    ratios: ['', '× 100']
  })
  expect(rows.find(({ name }) => name === 'target throttled')!.texts.map(plain)).toEqual(['0 %', '62 %'])
})

test('there is no multiple of a latency that was not measured', () => {
  const rows = comparedRows([finished({}, figures({ latency: latency(null) })), finished({ id: 'b' })], [null, null])
  expect(rows.find(({ name }) => name === 'p50')).toEqual({
    name: 'p50',
    texts: ['–', '10.0\u00a0ms'],
    ratios: ['', '']
  })
})
