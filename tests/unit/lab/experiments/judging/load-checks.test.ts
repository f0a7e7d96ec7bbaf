import { expect, test } from '@jest/globals'
import { generatorKeptPace, generatorMostlyKeptPace, nothingFailed } from '#lab/experiments/judging/load-checks.ts'
import { apiLoad } from '../../support/api-loads.ts'

test.each([
  ['kept the pace', { keptPace: true, latenessMs: 9 }, true],
  ['was late by little of a long latency', { keptPace: false, latenessMs: 500, p99Ms: 1000 }, true],
  ['was late by most of a short latency', { keptPace: false, latenessMs: 51, p99Ms: 100 }, null],
  ['never sent some of it', { keptPace: false, latenessMs: 1, p99Ms: 1000, missedSends: 3 }, null],
  ['sent nothing', { keptPace: false, latenessMs: null, p99Ms: null }, null]
])('a load whose generator %s', (_case, figures, holds) => {
  expect(generatorKeptPace(apiLoad(figures)).holds).toBe(holds)
})

test('the check shows the generator\'s lateness beside the latency', () => {
  expect(generatorKeptPace(apiLoad({ latenessMs: 9, p99Ms: 1000 })).saw).toBe('lateness p99 9.0 ms, latency p99 1000 ms, 0 requests not sent')
  expect(generatorKeptPace(apiLoad({ latenessMs: null, p99Ms: null })).saw).toBe('lateness p99 not measured, latency p99 not measured, 0 requests not sent')
})

test('of each kind of compared loads, enough must have latencies of the service', () => {
  const spoiled = apiLoad({ keptPace: false, latenessMs: 51, p99Ms: 100 })
  expect(
    generatorMostlyKeptPace(
      [
        [apiLoad(), spoiled, apiLoad()],
        [apiLoad(), apiLoad()]
      ],
      2
    )
  ).toMatchObject({ holds: true, saw: '4 of 5 loads kept their pace' })
  expect(
    generatorMostlyKeptPace(
      [
        [apiLoad(), spoiled],
        [apiLoad(), apiLoad(), apiLoad()]
      ],
      2
    )
  ).toMatchObject({ holds: null, saw: '4 of 5 loads kept their pace' })
})

test('requests that fail are counted over all loads', () => {
  const [fine, failing] = [apiLoad(), apiLoad()]
  failing.summary.total.failed = 3
  expect(nothingFailed([fine, fine])).toMatchObject({ holds: true, saw: '0 of 20 failed' })
  expect(nothingFailed([fine, failing])).toMatchObject({ holds: false, saw: '3 of 20 failed' })
})
