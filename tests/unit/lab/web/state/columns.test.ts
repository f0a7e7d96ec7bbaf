import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { append, emptyColumns, forget, join, startOfLast, type Columns } from '#lab/web/state/columns.ts'
import type { ContainerView, History, HistorySeries, Sample } from '#lab/wire/live.ts'
import { container } from '../support/container.ts'

const GAP = 1.5
const sample = (seconds: number, ...containers: ContainerView[]) => sampleAt(seconds, seconds, ...containers)
/** A sample of a lab that has been up since the host's clock was at 0; `clock` is what that clock says now. */
const sampleAt = (uptimeSeconds: number, clock: number, ...containers: ContainerView[]): Sample =>
  ({ at: new Date(clock * 1000).toISOString(), seq: uptimeSeconds * 4, uptimeSeconds, containers })
const appendAll = (...samples: Sample[]) =>
  samples.reduce((columns, next) => append(columns, next, GAP), emptyColumns())
const withPids = (id: string, current: number) => container({ id, pids: { current } })
const pidsOf = ({ containers }: Columns, id: string) => containers.find(column => column.id === id)?.series.pids.slice()

function history (at: number[], pids: Record<string, Array<number | null>>): History {
  const { containers: [column] } = append(emptyColumns(), sample(1, container()), GAP)
  const names = Object.keys(column!.series) as HistorySeries[]
  const last = at.at(-1)
  return {
    newest: last === undefined ? null : timeOf(sample(last)),
    at,
    containers: Object.entries(pids).map(([id, values]) => ({
      id,
      service: 'worker',
      name: id,
      effective: null,
      limitSteps: [],
      series: Object.fromEntries(names.map(name => [name, values])) as History['containers'][number]['series']
    }))
  }
}

function stepsOf ({ containers }: Columns): unknown[] {
  return containers[0]!.limitSteps.map(({ at, effective }) => [at, effective.pids?.max])
}

function timeOf ({ containers, ...time }: Sample): History['newest'] {
  return time
}

test('samples become one column entry each', () => {
  const columns = appendAll(sample(1, withPids('a', 3)), sample(2, withPids('a', 4)))
  expect(columns.at).toEqual([1, 2])
  expect(pidsOf(columns, 'a')).toEqual([3, 4])
  expect(columns.containers[0]!.series.cpuPressureShare.slice()).toEqual([0.12, 0.12])
})

test('a container seen later has no values before', () => {
  const columns = appendAll(sample(1, withPids('a', 3)), sample(2, withPids('a', 3), withPids('b', 7)))
  expect(pidsOf(columns, 'b')).toEqual([null, 7])
})

test('a container that is gone, or no longer reported, is a gap and not a zero', () => {
  const gone = container({ id: 'a', state: 'gone', pids: { current: 0 } })
  const columns = appendAll(sample(1, withPids('a', 3)), sample(2, gone), sample(3))
  expect(pidsOf(columns, 'a')).toEqual([3, null, null])
})

test('a pause without samples interrupts every line', () => {
  const columns = appendAll(sample(1, withPids('a', 3)), sample(9, withPids('a', 4)))
  expect(columns.at).toEqual([1, 1.75, 9])
  expect(pidsOf(columns, 'a')).toEqual([3, null, 4])
})

test('a sample that is not newer is left out', () => {
  const columns = appendAll(sample(2, withPids('a', 3)), sample(2, withPids('a', 9)))
  expect(pidsOf(columns, 'a')).toEqual([3])
})

test('a gone container keeps the limit it had', () => {
  const columns = appendAll(sample(1, container()), sample(2, container({ state: 'gone', effective: null })))
  expect(columns.containers[0]!.effective?.pids?.max).toBe(128)
})

test('history replaces what the page has of the same time, and keeps what is older', () => {
  const older = appendAll(sample(1, withPids('a', 1)), sample(2, withPids('a', 2)), sample(3, withPids('a', 9)))
  const columns = join(older, history([3, 4], { a: [30, 40], b: [null, 5] }), GAP)
  expect(columns.at).toEqual([1, 2, 3, 4])
  expect(pidsOf(columns, 'a')).toEqual([1, 2, 30, 40])
  expect(pidsOf(columns, 'b')).toEqual([null, null, null, 5])
})

test('history of a lab that restarted leaves a gap behind what the page knew', () => {
  const columns = join(appendAll(sample(1, withPids('a', 1))), history([20, 21], { a: [2, 3] }), GAP)
  expect(columns.at).toEqual([1, 1.75, 20, 21])
  expect(pidsOf(columns, 'a')).toEqual([1, null, 2, 3])
})

test('missed samples within history are a gap', () => {
  const columns = join(emptyColumns(), history([1, 2, 8], { a: [1, 2, 3] }), GAP)
  expect(columns.at).toEqual([1, 2, 2.75, 8])
  expect(pidsOf(columns, 'a')).toEqual([1, 2, null, 3])
})

test('empty history changes nothing', () => {
  const columns = appendAll(sample(1, withPids('a', 1)))
  expect(join(columns, history([], {}), GAP)).toEqual(columns)
})

test('forgetting drops old entries, and containers without any value left', () => {
  const columns = appendAll(sample(1, withPids('a', 1)), sample(2), sample(3, withPids('b', 2)))
  forget(columns, 1.5)
  expect(columns.at).toEqual([2, 3])
  expect(columns.containers.map(({ id }) => id)).toEqual(['b'])
})

test('every column is as long as the time', () => {
  const columns = join(appendAll(sample(1, withPids('a', 1))), history([9, 10, 30], { b: [1, 2, 3] }), GAP)
  forget(append(columns, sample(31, withPids('c', 1)), GAP), 25)
  for (const { series } of columns.containers) {
    for (const values of Object.values(series)) expect(values).toHaveLength(columns.at.length)
  }
})

test('the last seconds begin one entry early, so that lines come in from the edge', () => {
  expect(startOfLast(2, [1, 2, 3, 4, 5])).toBe(2)
  expect(startOfLast(60, [1, 2, 3])).toBe(0)
  expect(startOfLast(60, [])).toBe(0)
})

const case11 = JSON.parse(readFileSync('tests/fixtures/cases/11-clock-set-back/samples.json', 'utf8')) as Sample[]
const distances = ({ at }: Columns) => at.slice(1).map((seconds, i) => Math.round((seconds - at[i]!) * 1000) / 1000)

test('case 11: every sample is drawn when it arrives, although the clock was set back before it', () => {
  const columns = appendAll(...case11.map((time, i) => ({ ...time, containers: [withPids('a', i + 1)] })))
  expect(pidsOf(columns, 'a')).toEqual([1, 2, null, 3, 4])
  expect(columns.at.slice(-2)).toEqual(case11.slice(2).map(({ at }) => Date.parse(at) / 1000))
  expect(distances(columns).every(seconds => seconds > 0)).toBe(true)
})

test.each([
  ['back by ten minutes', -600],
  ['forward by ten minutes', 600],
  ['back by less than from one sample to the next', -0.2],
  ['back by as much as from one sample to the next', -0.25],
  ['back by a day', -86_400]
])('case 11: with the clock set %s the line has no gap, and its times are those of the present clock', (_case, by) => {
  const columns = appendAll(
    sampleAt(10, 1000, withPids('a', 1)), sampleAt(10.25, 1000.25, withPids('a', 2)),
    sampleAt(10.5, 1000.5 + by, withPids('a', 3)), sampleAt(10.75, 1000.75 + by, withPids('a', 4)))
  expect(pidsOf(columns, 'a')).toEqual([1, 2, 3, 4])
  expect(distances(columns)).toEqual([0.25, 0.25, 0.25])
  expect(columns.at.at(-1)).toBe(1000.75 + by)
})

test('case 11: a clock that is set repeatedly leaves every sample where it belongs', () => {
  const clocks = [0, -600, 600, -3, 3600, 0.1, -0.1]
  const columns = appendAll(...clocks.map((by, i) => sampleAt(i / 4 + 1, 1000 + i / 4 + by, withPids('a', i))))
  expect(distances(columns)).toEqual(clocks.slice(1).map(() => 0.25))
})

test('case 11: two samples in quick succession stay two, although the clock was set back a little', () => {
  const columns = appendAll(sampleAt(10, 1000, withPids('a', 1)), sampleAt(10.005, 999.995, withPids('a', 2)))
  expect(pidsOf(columns, 'a')).toEqual([1, 2])
  expect(distances(columns)[0]).toBeGreaterThan(0)
})

test('case 11: a pause is as long as it was, whatever the clock says', () => {
  const columns = appendAll(sampleAt(10, 1000, withPids('a', 1)), sampleAt(18, 408, withPids('a', 2)))
  expect(columns.at).toEqual([400, 400.75, 408])
  expect(pidsOf(columns, 'a')).toEqual([1, null, 2])
})

test('case 11: a restarted lab is drawn at once, although it counts from the beginning and the clock was set back', () => {
  const columns = append(appendAll(sampleAt(500, 1000, withPids('a', 1))), sampleAt(1, 700, withPids('a', 2)), GAP)
  expect(pidsOf(columns, 'a')).toEqual([1, null, 2])
  expect(columns.at.at(-1)).toBe(700)
})

test('case 11: history that arrives after the clock was set back is joined to what the page had before', () => {
  const older = appendAll(
    sampleAt(1, 1001, withPids('a', 1)),
    sampleAt(2, 1002, withPids('a', 2)),
    sampleAt(3, 1003, withPids('a', 9))
  )
  const remembered = { ...history([503, 504], { a: [30, 40] }), newest: timeOf(sampleAt(4, 504)) }
  const columns = join(older, remembered, GAP)
  expect(columns.at).toEqual([501, 502, 503, 504])
  expect(pidsOf(columns, 'a')).toEqual([1, 2, 30, 40])
  expect(pidsOf(append(columns, sampleAt(5, 505, withPids('a', 50)), GAP), 'a')).toEqual([1, 2, 30, 40, 50])
})

test('limits are kept with the time since when they are in force, and forgotten when no entry is as old', () => {
  const withTasks = (max: number) => container({ id: 'a', effective: { pids: { max, from: 'own' } } })
  const columns = appendAll(sample(1, withTasks(128)), sample(2, withTasks(64)), sample(3, withTasks(64)))
  expect(stepsOf(columns)).toEqual([[1, 128], [2, 64]])
  expect(stepsOf(forget(columns, 0.5))).toEqual([[2, 64]])
})

test('limits of the lab\'s history come before those of the samples', () => {
  const at64 = { ...container().effective!, pids: { max: 64, from: 'own' as const } }
  const past = history([1, 2], { a: [3, 3] })
  past.containers[0]!.limitSteps = [{ at: 0, effective: container().effective! }, { at: 2, effective: at64 }]
  const columns = append(join(emptyColumns(), past, GAP), sample(3, container({ id: 'a', effective: at64 })), GAP)
  expect(stepsOf(columns)).toEqual([[0, 128], [2, 64]])
})
