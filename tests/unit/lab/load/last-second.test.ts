import { expect, test } from '@jest/globals'
import { LastSecond } from '#lab/load/last-second.ts'
import { Tally } from '#lab/load/tally.ts'

/** Ten requests of `ms` in a quarter of a second, then a report. */
function quarter (lastSecond: LastSecond, total: Tally, atMs: number, ms: number) {
  for (let i = 0; i < 10; i++) {
    total.sent++
    total.add(200, ms)
    lastSecond.record(ms)
  }
  return lastSecond.report(total, atMs)
}

test('a report covers the last second, or less if the load is younger', () => {
  const lastSecond = new LastSecond()
  const total = new Tally()
  const reports = [1, 2, 3, 4, 5].map(ms => quarter(lastSecond, total, ms * 250, ms))
  expect(reports.map(({ latency }) => [latency.count, Math.round(latency.maxMs!)]))
    .toEqual([[10, 1], [20, 2], [30, 3], [40, 4], [40, 5]])
  expect(reports.map(({ answeredPerSecond }) => answeredPerSecond)).toEqual([40, 40, 40, 40, 40])
})

test('a report leaves out what is more than a second old', () => {
  const lastSecond = new LastSecond()
  const total = new Tally()
  quarter(lastSecond, total, 250, 900)
  const later = [500, 750, 1000, 1250].map(atMs => lastSecond.report(total, atMs))
  expect(later.map(({ latency }) => latency.maxMs && Math.round(latency.maxMs))).toEqual([900, 900, 900, null])
  expect(later.at(-1)).toMatchObject({ sentPerSecond: 0, answeredPerSecond: 0, failedPerSecond: 0 })
})

test('a late report divides by the time that it covers', () => {
  const lastSecond = new LastSecond()
  expect(quarter(lastSecond, new Tally(), 500, 1).sentPerSecond).toBe(20)
})
