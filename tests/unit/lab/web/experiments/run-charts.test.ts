import { expect, test } from '@jest/globals'
import { highestOf } from '#lab/web/charts/derive.ts'
import { plannedCharts } from '#lab/web/experiments/charted-series.ts'
import { liveCharts, momentsOf, recordedCharts } from '#lab/web/experiments/run-charts.ts'
import { append, emptyColumns } from '#lab/web/state/columns.ts'
import { placeOf } from '#lab/web/state/lab-clock.ts'
import { container } from '../support/container.ts'
import { recordedRun } from '../support/runs.ts'

const MIB = 1024 ** 2
const plan = plannedCharts([{ service: 'worker', series: ['memoryBytes', 'oomKill'] }])

test('readings of one sample are one moment, however busy the machine was', () => {
  expect(momentsOf([[0.1, 0.35, 0.6], [0.101, 0.44, 0.61]]))
    .toEqual({ seconds: [0.1, 0.35, 0.6], places: [[0, 1, 2], [0, 1, 2]] })
})

test('a container that was away has no place in the moments between', () => {
  expect(momentsOf([[0, 0.25, 0.5, 0.75], [0.01, 0.76]]).places[1]).toEqual([0, 3])
})

test('two samples in quick succession are two moments', () => {
  expect(momentsOf([[0, 0.25, 0.3, 0.5], [0.01, 0.26, 0.31, 0.51]]).seconds).toEqual([0, 0.25, 0.3, 0.5])
})

test('a recorded run is drawn against the limit that it was read with', () => {
  const [memory, kills] = recordedCharts(plan, recordedRun('memory-limit.v1'))
  expect(memory!.lines[0]).toMatchObject({ label: 'worker: in use', limit: 256 * MIB })
  expect(highestOf(memory!.lines[0]!.values)! / MIB).toBeGreaterThan(200)
  expect(kills!.lines[0]!.values.at(-1)).toBe(1)
  expect(kills!.lines[0]!.limit).toBeNull()
})

test('every line of a recorded run has a value for every moment', () => {
  const recorded = recordedRun('memory-limit.v1')
  const own = plannedCharts([
    { service: 'worker', series: ['cpuUsageUs', 'nrThrottled', 'throttledUs', 'cpuSomeUs', 'pids'] }
  ])
  for (const { seconds, lines } of recordedCharts(own, recorded)) {
    expect(seconds).toHaveLength(recorded.recording.containers[0]!.atSeconds.length)
    for (const { values } of lines) expect(values).toHaveLength(seconds.length)
  }
})

test('a service that was not recorded has no values and no limit', () => {
  const absent = plannedCharts([{ service: 'absent', series: ['memoryBytes'] }])
  const [memory] = recordedCharts(absent, recordedRun('memory-limit.v1'))
  expect(memory!.lines[0]!.limit).toBeNull()
  expect(highestOf(memory!.lines[0]!.values)).toBeNull()
})

test('a kill that ended its container is drawn, although its counter is gone with it', () => {
  const [kills] = recordedCharts(
    plannedCharts([{ service: 'api', series: ['oomKill'] }]),
    recordedRun('memory-limit-pid1.v1')
  )
  expect(highestOf(kills!.lines[0]!.values)).toBe(1)
})

const startedAt = Date.parse('2026-11-22T09:00:00.000Z')
const sampleAt = (seconds: number, kills: number, currentBytes: number) => ({
  at: new Date(startedAt + seconds * 1000).toISOString(),
  seq: 1,
  uptimeSeconds: 100 + seconds,
  containers: [container({ oomKills: kills, memory: { currentBytes } })]
})

test('a running run is drawn from its start, and counts from there', () => {
  const columns = emptyColumns()
  for (const [seconds, kills] of [[-10, 2], [-0.25, 3], [0.25, 3], [1, 4]] as const) {
    append(columns, sampleAt(seconds, kills, 90 * MIB), 20)
  }
  const [memory, killed] = liveCharts(plan, columns, startedAt / 1000)
  expect(memory!.seconds).toEqual([-0.25, 0.25, 1])
  expect(memory!.lines[0]).toMatchObject({ values: [90 * MIB, 90 * MIB, 90 * MIB], limit: 256 * MIB })
  expect(killed!.lines[0]!.values).toEqual([0, 0, 1])
})

test('a running run is drawn over a restart as its recording is: the kernel counts from 0 again, the lab goes on', () => {
  const columns = emptyColumns()
  const moments = [[0, 0, 0, 2], [1, 0, 1, 2], [2, 1, 1, 3], [3, 1, 1, 3]] as const
  for (const [seconds, restarts, limitHitsTotal, oomKills] of moments) {
    const view = container({ restarts, oomKills, memory: { limitHitsTotal } })
    append(columns, { ...sampleAt(seconds, 0, MIB), containers: [view] }, 20)
  }
  const plan = plannedCharts([{ service: 'worker', series: ['memoryLimitHits', 'oomKill'] }])
  const [kills, hits] = liveCharts(plan, columns, startedAt / 1000)
  expect(hits!.lines[0]!.values).toEqual([0, 1, 2, 2])
  expect(kills!.lines[0]!.values).toEqual([0, 0, 1, 1])
})

test('case 11: a running run is drawn from its start, although the clock was set back meanwhile', () => {
  const columns = emptyColumns()
  for (const [seconds, setBack] of [[0.25, 0], [1, 0], [1.25, 600], [1.5, 600]] as const) {
    const sample = sampleAt(seconds, 0, seconds * MIB)
    const at = new Date(Date.parse(sample.at) - setBack * 1000).toISOString()
    append(columns, { ...sample, seq: seconds * 4, at }, 20)
  }
  const began = { startedAt: new Date(startedAt).toISOString(), startedUptimeSeconds: 100 }
  const [memory] = liveCharts(plan, columns, placeOf(columns.lab, began))
  expect(memory!.seconds.map(seconds => Math.round(seconds * 100) / 100)).toEqual([0.25, 1, 1.25, 1.5])
  expect(memory!.lines[0]!.values).toEqual([0.25, 1, 1.25, 1.5].map(mib => mib * MIB))
})

test('case 11: a kill is drawn when it happened, although the clock was set meanwhile', () => {
  const run = recordedRun('memory-limit-pid1.v1')
  const secondsOf = (at: string) => (Date.parse(at) - Date.parse(run.startedAt)) / 1000
  const events = run.recording.events.map(event =>
    ({ ...event, at: '2030-01-01T00:00:00.000Z', atSeconds: secondsOf(event.at) }))
  const own = plannedCharts([{ service: 'api', series: ['oomKill'] }])
  const setForward = { ...run, recording: { ...run.recording, events } }
  expect(recordedCharts(own, setForward)).toEqual(recordedCharts(own, run))
})

test('of several containers of a service, the present one is drawn', () => {
  const columns = emptyColumns()
  const gone = container({
    id: 'b'.repeat(64),
    state: 'gone',
    name: 'limits-lab-worker-0',
    memory: { currentBytes: null }
  })
  const sample = sampleAt(1, 0, 42 * MIB)
  append(columns, { ...sample, containers: [gone, ...sample.containers] }, 20)
  expect(liveCharts(plan, columns, startedAt / 1000)[0]!.lines[0]!.values).toEqual([42 * MIB])
})
