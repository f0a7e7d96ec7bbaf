import { expect, test } from '@jest/globals'
import { plannedCharts, chartedSeries } from '#lab/web/experiments/charted-series.ts'
import { recordedSeries } from '#lab/wire/experiments.ts'

test('every series that is recorded can be drawn', () => {
  expect(Object.keys(chartedSeries).sort()).toEqual([...recordedSeries].sort())
})

test('levels of memory share a chart, and a count has its own', () => {
  expect(plannedCharts([{ service: 'worker', series: ['oomKill', 'memoryBytes', 'anonBytes'] }])).toEqual([
    {
      kind: 'memory',
      lines: [
        { service: 'worker', series: 'memoryBytes', label: 'worker: in use' },
        { service: 'worker', series: 'anonBytes', label: 'worker: anonymous' }
      ]
    },
    { kind: 'oomKills', lines: [{ service: 'worker', series: 'oomKill', label: 'worker: OOM kills' }] }
  ])
})

test('periods and throttled periods are one share, and not two lines', () => {
  const [chart, ...others] = plannedCharts([{ service: 'worker', series: ['nrPeriods', 'nrThrottled'] }])
  expect(others).toEqual([])
  expect(chart).toMatchObject({ kind: 'throttled', lines: [{ label: 'worker: throttled periods' }] })
})

test('the same series of several services are named by the service alone', () => {
  const [chart] = plannedCharts([{ service: 'api', series: ['pids'] }, { service: 'worker', series: ['pids'] }])
  expect(chart!.lines.map(({ label }) => label)).toEqual(['api', 'worker'])
})
