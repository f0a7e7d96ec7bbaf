import { expect, test } from '@jest/globals'
import { Latencies, Tally, type RequestOutcome } from '#lab/load/tally.ts'
import { noLatency } from '../support/load-figures.ts'

function figuresOf (...outcomes: RequestOutcome[]) {
  const tally = new Tally()
  for (const outcome of outcomes) tally.add(outcome, 5)
  return tally.figures()
}

test.each<[RequestOutcome, 'latency' | 'errorLatency', object]>([
  [200, 'latency', { succeeded: 1, failed: 0, statuses: { '2xx': 1 } }],
  [304, 'latency', { succeeded: 1, failed: 0, statuses: { '3xx': 1 } }],
  [404, 'errorLatency', { succeeded: 0, failed: 1, statuses: { '4xx': 1 } }],
  [503, 'errorLatency', { succeeded: 0, failed: 1, statuses: { '5xx': 1 } }],
  [999, 'errorLatency', { succeeded: 0, failed: 1, statuses: { '5xx': 1 } }],
  ['connection_error', 'errorLatency', { succeeded: 0, failed: 1, connectionErrors: 1 }],
  ['timeout', 'latency', { succeeded: 0, failed: 1, timeouts: 1 }],
  ['missed', 'latency', { succeeded: 0, failed: 1, missedSends: 1 }]
])('%s is counted, and its time belongs to %s', (outcome, where, counts) => {
  const figures = figuresOf(outcome)
  expect(figures).toMatchObject(counts)
  expect([figures.latency.count, figures.errorLatency.count]).toEqual(where === 'latency' ? [1, 0] : [0, 1])
})

test('an answer counts as answered, whatever its status', () => {
  const tally = new Tally()
  for (const outcome of [200, 404, 503, 'timeout', 'connection_error', 'missed'] as const) tally.add(outcome, 1)
  expect(tally.answered).toBe(3)
})

test('a success within a second is counted apart, to the millisecond, and nothing else is', () => {
  const tally = new Tally()
  for (const ms of [1, 1000, 1001]) tally.add(200, ms)
  for (const outcome of [404, 'timeout', 'missed'] as const) tally.add(outcome, 1)
  expect(tally.figures()).toMatchObject({ succeeded: 3, succeededWithinSecond: 2 })
})

function latenciesOf (...values: number[]): Latencies {
  const latencies = new Latencies()
  for (const ms of values) latencies.record(ms)
  return latencies
}

test('percentiles are exact to a tenth of a percent', () => {
  const upTo1000 = Array.from({ length: 1000 }, (_, i) => i + 1)
  const { count, p50Ms, p90Ms, p99Ms, maxMs, meanMs } = latenciesOf(...upTo1000).figures()
  expect(count).toBe(1000)
  for (const [kept, exact] of [[p50Ms, 500], [p90Ms, 900], [p99Ms, 990], [maxMs, 1000], [meanMs, 500.5]] as const) {
    expect(Math.abs(kept! / exact - 1)).toBeLessThanOrEqual(0.001)
  }
})

test.each([
  [0, 0.001],
  [0.0004, 0.001],
  [0.25, 0.25],
  [59_999, 59_999],
  [3_600_000, 3_600_000]
])('%d ms are kept as %d ms', (ms, kept) => {
  expect(Math.abs(latenciesOf(ms).figures().maxMs! / kept - 1)).toBeLessThanOrEqual(0.001)
})

test('without latencies every figure but the count is null', () => {
  expect(new Latencies().figures()).toEqual(noLatency)
})

test('latencies can be added, and reset', () => {
  const sum = latenciesOf(1, 2)
  sum.add(latenciesOf(3))
  expect(sum.figures()).toMatchObject({ count: 3, maxMs: expect.closeTo(3, 2) })
  sum.reset()
  expect(sum.figures().count).toBe(0)
})
