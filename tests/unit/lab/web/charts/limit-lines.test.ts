import { expect, test } from '@jest/globals'
import { decadesIn, decadesWith, earlierLimits, limitLines, rangeWith } from '#lab/web/charts/limit-lines.ts'

const limits = (...values: Array<number | null>) =>
  values.map((limit, i) => ({ name: `c${i}`, steps: [{ at: 0, limit }] }))
const lowered = { name: 'c9', steps: [{ at: 0, limit: 256 }, { at: 60, limit: 128 }] }

test('a limit that all share is one line without names', () => {
  expect(limitLines(limits(256, 256), String)).toEqual([{ value: 256, label: 'limit 256' }])
})

test('the limit of most needs no name, the exception gets one', () => {
  expect(limitLines(limits(256, 256, 256, 128), String)).toEqual([
    { value: 128, label: 'limit 128: c3' },
    { value: 256, label: 'limit 256' }
  ])
})

test('where no limit is that of most, each is named', () => {
  expect(limitLines(limits(256, 128), String).map(({ label }) => label)).toEqual(['limit 128: c1', 'limit 256: c0'])
})

test('more names than fit are a number', () => {
  expect(limitLines(limits(1, 1, 1, 1, 2, 2, 2), String)[1]!.label).toBe('limit 2: 3 containers')
})

test('without limits there is no line', () => {
  expect(limitLines(limits(null, null), String)).toEqual([])
})

test('a limit that was changed begins where it was, unless another container has always had it', () => {
  expect(limitLines([lowered], String)).toEqual([{ value: 128, from: 60, label: 'limit 128' }])
  expect(limitLines([lowered, ...limits(128)], String)).toEqual([{ value: 128, label: 'limit 128' }])
})

test('the limit before a change ends there, and is kept above by the chart', () => {
  const [before] = earlierLimits([lowered])
  expect(before).toEqual({ name: 'c9', value: 256, from: 0, to: 60, label: '' })
  expect(rangeWith([before!], null, 1)[1]).toBeGreaterThan(256)
})

test('a step that changed another limit is no change of this one', () => {
  const steps = [{ at: 0, limit: 256 }, { at: 60, limit: 256 }]
  expect(earlierLimits([{ name: 'c0', steps }])).toEqual([])
  expect(limitLines([{ name: 'c0', steps }], String)).toEqual([{ value: 256, label: 'limit 256' }])
})

test('a chart reaches above its highest limit, and above a burst beyond it', () => {
  const [line] = limitLines(limits(100), String)
  expect(rangeWith([line!], 5, 1)[1]).toBeGreaterThan(100)
  expect(rangeWith([line!], 200, 1)[1]).toBeGreaterThan(200)
  expect(rangeWith([], null, 10)[1]).toBeGreaterThan(10)
})

test('decades hold the lines and the values, and go up to `least` without any', () => {
  expect(decadesWith([{ value: 250, label: '' }], 43, 1700, 1000)).toEqual([10, 10_000])
  expect(decadesWith([], null, null, 1000)).toEqual([100, 1000])
})

test('an axis in decades has the powers of ten', () => {
  expect(decadesIn(10, 10_000)).toEqual([10, 100, 1000, 10_000])
})
