import { expect, test } from '@jest/globals'
import { plannedCharts } from '#lab/web/experiments/charted-series.ts'
import { shownCharts, type RunMoment } from '#lab/web/experiments/shown-charts.ts'
import { append, emptyColumns } from '#lab/web/state/columns.ts'
import { container } from '../support/container.ts'
import { judged, momentOf, recordedRun, run } from '../support/runs.ts'

const plan = plannedCharts([{ service: 'worker', series: ['memoryBytes'] }])
const columns = append(emptyColumns(), { ...momentOf(1), containers: [container()] }, 2)
const moment: RunMoment = { run: null, recording: null, phases: [], columns, now: momentOf(12) }

test('before a run the limit can be looked at, and there is no line', () => {
  const { charts, marks, toSeconds } = shownCharts(plan, 8, moment)
  expect(charts[0]!.lines[0]).toMatchObject({ limit: 256 * 1024 ** 2, values: [] })
  expect([marks, toSeconds]).toEqual([[], 8])
})

test('during a run its samples are drawn, for as long as it takes', () => {
  const shown = shownCharts(plan, 8, { ...moment, run: run(), phases: [{ name: 'action', atSeconds: 2 }] })
  expect(shown).toMatchObject({ isOver: false, toSeconds: 12, marks: [{ atSeconds: 2, label: 'action' }] })
  expect(shown.charts[0]!.seconds).toEqual([1])
})

test('after a run its readings are drawn, to their end', () => {
  const { recording, ...view } = recordedRun('memory-limit.v1')
  const shown = shownCharts(plan, 8, { ...moment, run: view, recording })
  expect(shown).toMatchObject({ isOver: true, toSeconds: recording.phases.at(-1)!.toSeconds })
  expect(shown.marks.map(({ label }) => label)).toEqual(['baseline', 'action', 'recovery'])
})

test('a run without readings says so', () => {
  expect(shownCharts(plan, 8, { ...moment, run: judged('not_measured') }).emptyText).toBe(
    'its readings are not available'
  )
})
