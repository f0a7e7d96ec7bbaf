import { expect, test } from '@jest/globals'
import { choose, readArguments, UsageError } from '#scripts/tutorial/arguments.ts'

const all = ['tutorial/01-first-start.md', 'tutorial/06-too-much-memory.md', 'README.md', 'docs/overload.md']

test('options and chapters are told apart', () => {
  expect(readArguments(['--write', '06', '--no-build'])).toEqual({ write: true, list: false, build: false, help: false, patience: 1, chosen: ['06'] })
  expect(() => readArguments(['--wriet'])).toThrow(UsageError)
})

test.each(['0', '61', '1.5', 'much', ''])('--patience %j is refused', text => {
  expect(() => readArguments(['--patience', text])).toThrow(/from 1 to 60/)
})

test('patience is how many times as long a step may take', () => {
  expect(readArguments(['--patience', '20']).patience).toBe(20)
})

test.each([
  [[], all],
  [['6'], [all[1]]],
  [['06', '01'], [all[1], all[0]]],
  [['README.md', 'docs/overload.md'], [all[2], all[3]]]
])('%j chooses %j', (chosen, files) => {
  expect(choose(chosen, all)).toEqual(files)
})

test.each(['99', '0', 'nothing.md', '../README.md', ''])('%j names nothing, and is wrong usage', word => {
  expect(() => choose([word], all)).toThrow(UsageError)
})
