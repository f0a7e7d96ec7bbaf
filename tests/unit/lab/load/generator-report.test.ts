import { expect, test } from '@jest/globals'
import type { Reading } from '#cgroup/reading.ts'
import { generatorReport } from '#lab/load/generator-report.ts'
import { Latencies, Tally } from '#lab/load/tally.ts'
import type { GeneratorReport } from '#lab/wire/load.ts'
import { fullReading } from '#support/readings.ts'

interface Given {
  due?: number
  lateSends?: number
  missed?: number
  throttledMs?: number | null
  after?: Reading | null
}

function report ({ due = 1000, lateSends = 0, missed = 0, throttledMs = 0, after }: Given = {}): GeneratorReport {
  const tally = new Tally()
  tally.due = due
  for (let i = 0; i < missed; i++) tally.add('missed', 1)
  const own = { lateSends, lateness: new Latencies().figures(), waitedForConnection: 0 }
  const reading = (ms: number, throttledUs: number | null) => {
    const nrThrottled = throttledUs === null ? null : throttledUs / 10_000
    return fullReading({ inode: 1, monotonicUs: ms * 1000, cpu: { nrPeriods: ms / 100, nrThrottled, throttledUs } })
  }
  const end = after === undefined ? reading(10_000, throttledMs === null ? null : throttledMs * 1000) : after
  return generatorReport({ total: tally.figures(), own }, reading(0, 0), end)
}

test('a generator that was neither late nor throttled kept the pace', () => {
  const { text, keptPace, ...figures } = report()
  expect(keptPace).toBe(true)
  expect(figures).toMatchObject({ throttledShare: 0, throttledSeconds: 0, missedSends: 0, lateSends: 0 })
  expect(text).toBe('The generator kept the pace: 0 of 1000 requests were late by more than 10 ms, and its own container was not throttled.')
})

test.each([
  ['up to one late request in a hundred', true, { lateSends: 10 }, '10 of 1000 requests were late'],
  ['more late requests', false, { lateSends: 11 }, '11 of 1000 requests were taken up more than 10 ms after they were due'],
  ['one request that was never sent', false, { missed: 1 }, '1 of 1000 requests were never sent, because no connection came free'],
  ['throttling for up to one percent of the time', true, { throttledMs: 100 }, 'throttled for 1.0 % of the time'],
  ['more throttling', false, { throttledMs: 200 }, 'the lab\'s own container was throttled for 2.0 % of the time']
])('with %s: kept = %p', (_case, keptPace, given, text) => {
  const judged = report(given)
  expect(judged.keptPace).toBe(keptPace)
  expect(judged.text).toContain(text)
})

test('the text names everything that went wrong', () => {
  expect(report({ lateSends: 500, missed: 2, throttledMs: 5000 }).text).toMatch(
    /^The generator did not keep the pace, .*never sent.*; .*taken up.*; .*throttled for 50 %/
  )
})

test.each([['cannot be read', { after: null }], ['does not count throttling', { throttledMs: null }]])('where its own container %s, throttling is not measured', (_case, given) => {
  expect(report(given)).toMatchObject({ keptPace: true, throttledSeconds: null })
  expect(report(given).text).toContain('whether its own container was throttled was not measured')
})
