import { expect, test } from '@jest/globals'
import { Tally, type Outcome } from '#lab/load/tally.ts'

function figuresOf (...outcomes: Outcome[]) {
  const tally = new Tally()
  for (const outcome of outcomes) tally.add(outcome, 5)
  return tally.figures()
}

test.each<[Outcome, object, 'latency' | 'errorLatency']>([
  [200, { succeeded: 1, failed: 0, statuses: { '2xx': 1 } }, 'latency'],
  [304, { succeeded: 1, failed: 0, statuses: { '3xx': 1 } }, 'latency'],
  [404, { succeeded: 0, failed: 1, statuses: { '4xx': 1 } }, 'errorLatency'],
  [503, { succeeded: 0, failed: 1, statuses: { '5xx': 1 } }, 'errorLatency'],
  [999, { succeeded: 0, failed: 1, statuses: { '5xx': 1 } }, 'errorLatency'],
  ['connection_error', { succeeded: 0, failed: 1, connectionErrors: 1 }, 'errorLatency'],
  ['timeout', { succeeded: 0, failed: 1, timeouts: 1 }, 'latency'],
  ['missed', { succeeded: 0, failed: 1, missedSends: 1 }, 'latency']
])('%s is counted, and its time is of the %3$s', (outcome, counts, where) => {
  const figures = figuresOf(outcome)
  expect(figures).toMatchObject(counts)
  expect([figures.latency.count, figures.errorLatency.count]).toEqual(where === 'latency' ? [1, 0] : [0, 1])
})

test('answers of any status are answered', () => {
  const tally = new Tally()
  for (const outcome of [200, 404, 503, 'timeout', 'connection_error', 'missed'] as const) tally.add(outcome, 1)
  expect(tally.answered).toBe(3)
})
