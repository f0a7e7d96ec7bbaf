import { expect, test } from '@jest/globals'
import type { ContainerView, History, HistorySeries } from '../../../services/lab/wire.ts'
import { append, emptyColumns, forget, join, startOfLast, type Columns } from '../../../services/lab/web/view/columns.ts'
import { container } from './container.ts'

const GAP = 1.5
const sample = (seconds: number, ...containers: ContainerView[]) => ({ at: new Date(seconds * 1000).toISOString(), seq: seconds, containers })
const withPids = (id: string, current: number) => container({ id, pids: { current } })
const pidsOf = ({ containers }: Columns, id: string) => containers.find(column => column.id === id)?.series.pids

function history (at: number[], pids: Record<string, Array<number | null>>): History {
  const names = Object.keys(append(emptyColumns(), sample(1, container()), GAP).containers[0]!.series) as HistorySeries[]
  return {
    at,
    containers: Object.entries(pids).map(([id, values]) => ({
      id, service: 'worker', name: id, effective: null, series: Object.fromEntries(names.map(name => [name, values])) as History['containers'][number]['series']
    }))
  }
}

test('samples become one column entry each', () => {
  const columns = [sample(1, withPids('a', 3)), sample(2, withPids('a', 4))].reduce((columns, next) => append(columns, next, GAP), emptyColumns())
  expect(columns.at).toEqual([1, 2])
  expect(pidsOf(columns, 'a')).toEqual([3, 4])
  expect(columns.containers[0]!.series.cpuPressureShare).toEqual([0.12, 0.12])
})

test('a container seen later has nothing before', () => {
  const columns = append(append(emptyColumns(), sample(1, withPids('a', 3)), GAP), sample(2, withPids('a', 3), withPids('b', 7)), GAP)
  expect(pidsOf(columns, 'b')).toEqual([null, 7])
})

test('a container that is gone, or no longer told of, is a gap and not a zero', () => {
  const gone = container({ id: 'a', mood: 'gone', pids: { current: 0 } })
  const columns = [sample(1, withPids('a', 3)), sample(2, gone), sample(3)].reduce((columns, next) => append(columns, next, GAP), emptyColumns())
  expect(pidsOf(columns, 'a')).toEqual([3, null, null])
})

test('a pause without samples interrupts every line', () => {
  const columns = append(append(emptyColumns(), sample(1, withPids('a', 3)), GAP), sample(9, withPids('a', 4)), GAP)
  expect(columns.at).toEqual([1, 1.75, 9])
  expect(pidsOf(columns, 'a')).toEqual([3, null, 4])
})

test('a sample that is not newer is left out', () => {
  const columns = append(append(emptyColumns(), sample(2, withPids('a', 3)), GAP), sample(2, withPids('a', 9)), GAP)
  expect(pidsOf(columns, 'a')).toEqual([3])
})

test('a gone container keeps the limit it had', () => {
  const columns = append(append(emptyColumns(), sample(1, container()), GAP), sample(2, container({ mood: 'gone', effective: null })), GAP)
  expect(columns.containers[0]!.effective?.pids?.max).toBe(128)
})

test('history replaces what the page has of the same time, and keeps what is older', () => {
  const older = [sample(1, withPids('a', 1)), sample(2, withPids('a', 2)), sample(3, withPids('a', 9))].reduce((columns, next) => append(columns, next, GAP), emptyColumns())
  const columns = join(older, history([3, 4], { a: [30, 40], b: [null, 5] }), GAP)
  expect(columns.at).toEqual([1, 2, 3, 4])
  expect(pidsOf(columns, 'a')).toEqual([1, 2, 30, 40])
  expect(pidsOf(columns, 'b')).toEqual([null, null, null, 5])
})

test('history of a lab that restarted leaves a gap behind what the page knew', () => {
  const columns = join(append(emptyColumns(), sample(1, withPids('a', 1)), GAP), history([20, 21], { a: [2, 3] }), GAP)
  expect(columns.at).toEqual([1, 1.75, 20, 21])
  expect(pidsOf(columns, 'a')).toEqual([1, null, 2, 3])
})

test('missed samples within history are a gap', () => {
  const columns = join(emptyColumns(), history([1, 2, 8], { a: [1, 2, 3] }), GAP)
  expect(columns.at).toEqual([1, 2, 2.75, 8])
  expect(pidsOf(columns, 'a')).toEqual([1, 2, null, 3])
})

test('empty history changes nothing', () => {
  const columns = append(emptyColumns(), sample(1, withPids('a', 1)), GAP)
  expect(join(columns, history([], {}), GAP)).toEqual(columns)
})

test('forgetting drops old entries, and containers of which nothing is left', () => {
  const columns = [sample(1, withPids('a', 1)), sample(2), sample(3, withPids('b', 2))].reduce((columns, next) => append(columns, next, GAP), emptyColumns())
  forget(columns, 1.5)
  expect(columns.at).toEqual([2, 3])
  expect(columns.containers.map(({ id }) => id)).toEqual(['b'])
})

test('every column is as long as the time', () => {
  const columns = join(append(emptyColumns(), sample(1, withPids('a', 1)), GAP), history([9, 10, 30], { b: [1, 2, 3] }), GAP)
  forget(append(columns, sample(31, withPids('c', 1)), GAP), 25)
  for (const { series } of columns.containers) for (const values of Object.values(series)) expect(values).toHaveLength(columns.at.length)
})

test('the last seconds begin one entry early, so that lines come in from the edge', () => {
  expect(startOfLast(2, [1, 2, 3, 4, 5])).toBe(2)
  expect(startOfLast(60, [1, 2, 3])).toBe(0)
  expect(startOfLast(60, [])).toBe(0)
})
