import { expect, test } from '@jest/globals'
import { linesOf, spreadOf } from '#lab/web/charts/lines.ts'
import { append, emptyColumns } from '#lab/web/state/columns.ts'
import type { Column } from '#lab/web/state/columns.ts'
import { RingBuffer } from '#lab/web/state/ring-buffer.ts'
import { container } from '../support/container.ts'

const look = {
  nameOf: ({ name }: Column) => name,
  styleOf: ({ service }: Column) => ({ colour: `--${service}`, dash: [4] })
}

/** Two samples; the nth container of the worker uses n tasks, then n + 10. */
function columnsOf (workers: number): Column[] {
  const columns = emptyColumns()
  for (const [i, more] of [0, 10].entries()) {
    const views = Array.from({ length: workers }, (_, n) =>
      container({ id: `w${n + 1}`, name: `worker-${n + 1}`, pids: { current: n + 1 + more } }))
    const api = container({ id: 'a', name: 'api-1', service: 'api', pids: { current: 3 } })
    const at = new Date(1_700_000_000_000 + i * 250).toISOString()
    append(columns, { at, seq: i + 1, uptimeSeconds: i / 4, containers: [api, ...views] }, 2.5)
  }
  return columns.containers
}

test('a few containers of a service have a line each', () => {
  expect(linesOf(columnsOf(6), 'pids', 0, look).map(({ label }) => label)).toEqual(
    ['api-1', 'worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5', 'worker-6'])
})

test('three lines stand for many containers of a service, in its colour', () => {
  const lines = linesOf(columnsOf(7), 'pids', 0, look)
  expect(lines.map(({ label, values }) => [label, values])).toEqual([
    ['api-1', [3, 3]],
    ['worker max', [7, 17]],
    ['worker mean', [4, 14]],
    ['worker min', [1, 11]]
  ])
  expect(new Set(lines.slice(1).map(({ style }) => style.colour))).toEqual(new Set(['--worker']))
  expect(new Set(lines.map(({ key }) => key)).size).toBe(4)
})

test('lines begin where the window begins', () => {
  expect(linesOf(columnsOf(7), 'pids', 1, look).map(({ values }) => values)).toEqual([[3], [17], [14], [11]])
})

test('what is not measured counts neither as a value nor as zero', () => {
  expect(spreadOf([RingBuffer.of([1, null, null]), RingBuffer.of([3, 8, null])], 0)).toEqual(
    { highest: [3, 8, null], mean: [2, 8, null], lowest: [1, 8, null] })
})
