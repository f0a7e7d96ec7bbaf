import { expect, test } from '@jest/globals'
import { connectionReport } from '#lab/load/connection-report.ts'
import type { ConnectionReport, TurnFigures } from '#lab/wire/load.ts'
import { latencyOf, noLatency } from '../support/load-figures.ts'

function group (inTurn: number, overtaken: number, p50Ms = 10, maxMs = 20): TurnFigures {
  return { inTurn, overtaken, latency: latencyOf({ p50Ms, maxMs }) }
}

function report (first: TurnFigures, later: TurnFigures): ConnectionReport {
  return connectionReport({ first, later, wait: noLatency, connect: latencyOf({ maxMs: 4.3 }) })
}

test.each<[string, boolean | null, TurnFigures, TurnFigures]>([
  ['no request was overtaken', true, group(12, 0), group(1588, 0)],
  ['most first requests were overtaken, and no others', false, group(13, 87), group(1900, 0)],
  ['a few first requests were overtaken', true, group(80, 20), group(1900, 0)],
  ['first requests were overtaken hardly more often than others, as by a second, faster container', true, group(50, 50), group(800, 300)],
  ['there were hardly any new connections', null, group(0, 4), group(1900, 0)],
  ['every request came on a new connection', null, group(1000, 900), group(0, 0)]
])('where %s: in turn = %p', (_case, inTurn, first, later) => {
  expect(report(first, later).inTurn).toBe(inTurn)
})

test('if new connections waited, the text says how long, and that connecting was not the reason', () => {
  expect(report(group(13, 87, 9347, 14_620), group(1900, 0, 488, 1285)).text).toBe(
    'New connections waited while open ones were served (docs/overload.md): 87 of 100 first requests on a connection were overtaken, and 0 of 1900 others. ' +
    'From being sent, first requests took 9.3 s (p50) and at most 14.6 s, the others 488 ms (p50) and at most 1.3 s; connecting took at most 4.30 ms.')
})

test('if new connections were served in turn, the text says so; if it is not known, there is no text', () => {
  expect(report(group(12, 0), group(1588, 3)).text).toBe('New connections were served in turn: 0 of 12 first requests on a connection were overtaken, and 3 of 1591 others.')
  expect(report(group(1, 0), group(0, 0)).text).toBe('')
})
