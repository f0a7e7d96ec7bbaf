import { expect, test } from '@jest/globals'
import { connectionReport } from '#lab/load/connection-report.ts'
import type { TurnFigures } from '#lab/wire/load.ts'
import { latencyOf, noLatency } from '../support/load-figures.ts'

const group = (inTurn: number, overtaken: number, p50Ms = 10, maxMs = 20): TurnFigures => ({ inTurn, overtaken, latency: latencyOf({ p50Ms, maxMs }) })
const judged = (first: TurnFigures, later: TurnFigures) => connectionReport({ first, later, wait: noLatency, connect: latencyOf({ maxMs: 4.3 }) })

test.each<[string, TurnFigures, TurnFigures, boolean | null]>([
  ['nobody was overtaken', group(12, 0), group(1588, 0), true],
  ['most first requests were overtaken, and no other', group(13, 87), group(1900, 0), false],
  ['a few first requests were overtaken', group(80, 20), group(1900, 0), true],
  ['first requests were overtaken no more than others, as by a second container that is faster', group(50, 50), group(800, 300), true],
  ['there were hardly any new connections', group(0, 4), group(1900, 0), null],
  ['every request came on a new connection', group(1000, 900), group(0, 0), null]
])('where %s: in turn = %4$s', (_case, first, later, inTurn) => {
  expect(judged(first, later).inTurn).toBe(inTurn)
})

test('new connections that waited are told with what they waited, and that connecting was not it', () => {
  expect(judged(group(13, 87, 9347, 14_620), group(1900, 0, 488, 1285)).text).toBe(
    'New connections waited while open ones were served (docs/overload.md): 87 of 100 first requests on a connection were overtaken, and 0 of 1900 others. ' +
    'From being sent, first requests took 9.3 s (p50) and at most 14.6 s, the others 488 ms (p50) and at most 1.3 s; connecting took at most 4.30 ms.')
})

test('new connections that were served in turn are told in a sentence, and what cannot be told is not', () => {
  expect(judged(group(12, 0), group(1588, 3)).text).toBe('New connections were served in turn: 0 of 12 first requests on a connection were overtaken, and 3 of 1591 others.')
  expect(judged(group(1, 0), group(0, 0)).text).toBe('')
})
