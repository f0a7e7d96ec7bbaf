import { expect, test } from '@jest/globals'
import { loadSeries, stepMarks, throttledShareDuring } from '#lab/web/load/load-series.ts'
import { append, emptyColumns } from '#lab/web/state/columns.ts'
import { container } from '../support/container.ts'
import { finished, live, load, spec } from '../support/loads.ts'

const startedAt = Date.parse(load().startedAt)

function apiColumns (...shares: Array<[seconds: number, throttledShare: number | null]>) {
  const columns = emptyColumns()
  for (const [seconds, throttledShare] of shares) {
    append(
      columns,
      {
        at: new Date(startedAt + seconds * 1000).toISOString(),
        seq: 1,
        uptimeSeconds: 100 + seconds,
        containers: [container({ service: 'api', name: 'limits-lab-api-1', cpu: { throttledShare } })]
      },
      60
    )
  }
  return columns
}

test('a load is drawn beside what its target’s quota did in the same seconds', () => {
  const series = loadSeries(load(), [live(1), live(1.25)], apiColumns([-1, 0], [0.5, 0.4], [1, 0.6]))
  expect(series).toMatchObject({ seconds: [1, 1.25], due: [50, 50], answered: [49.5, 49.5], p99Ms: [12, 12] })
  expect(series.target).toEqual({ seconds: [0.5, 1], throttledShare: [0.4, 0.6], cores: [0.02, 0.02], limitCores: 0.5 })
})

test('case 11: a load is drawn beside its target, although the clock was set back before it', () => {
  const columns = emptyColumns()
  for (const seconds of [-1, 0.5, 1, 30]) {
    append(
      columns,
      {
        at: new Date(startedAt - 600_000 + seconds * 1000).toISOString(),
        seq: 10 + seconds * 4,
        uptimeSeconds: 100 + seconds,
        containers: [container({ service: 'api', cpu: { throttledShare: 0.5 } })]
      },
      60
    )
  }
  expect(loadSeries(load(), [], columns).target.seconds).toEqual([0.5, 1, 30])
  expect(loadSeries(finished(), [], columns).target.seconds).toEqual([0.5, 1])
})

test('nothing is drawn of an absent target', () => {
  const { target } = loadSeries(load({ spec: { ...spec, service: 'worker' } }), [], apiColumns([0.5, 0.4]))
  expect(target).toEqual({ seconds: [0.5], throttledShare: [null], cores: [null], limitCores: null })
})

test('throttling after the load does not count', () => {
  expect(throttledShareDuring(finished(), apiColumns([1, 0.5], [2, 0.7], [30, 0]))).toBeCloseTo(0.6)
})

test('a load that the page has not seen has no throttled share', () => {
  expect(throttledShareDuring(finished(), emptyColumns())).toBeNull()
})

test('each rate begins where the one before ends, and a single rate needs no mark', () => {
  expect(stepMarks({ ...spec, ratesPerSecond: [20, 60], durationSeconds: 10 })).toEqual([
    { atSeconds: 0, label: '20/s' },
    { atSeconds: 5, label: '60/s' }
  ])
  expect(stepMarks(spec)).toEqual([])
})
