import { expect, test } from '@jest/globals'
import { bytesIn, cpusIn, pidsIn } from '#scripts/start/limit-values.ts'

const MIB = 1024 ** 2

// The values that `docker compose config` (2.40) gives for the same texts.
test.each([
  ['256M', 256 * MIB], ['256MiB', 256 * MIB], ['64mb', 64 * MIB], ['.5g', 512 * MIB], ['1.5g', 1536 * MIB], ['1.g', 1024 * MIB],
  ['1 g', 1024 * MIB], ['1t', 2 ** 40], ['1p', 2 ** 50], ['16384k', 16 * MIB], ['16384kib', 16 * MIB], ['8388608', 8 * MIB], ['8388608b', 8 * MIB]
])('a memory limit of %s is %i bytes', (text, bytes) => {
  expect(bytesIn(text)).toBe(bytes)
})

test.each([
  '',
  'many',
  '10 apples',
  '-1',
  '1  g',
  '256ib',
  '256mebibytes',
  '1,5g',
  '0x10',
  '.g',
  '1..5g',
  ' 256M',
  'inf',
  '5e',
  '1m',
  '8192p'
])('%j is not a memory limit', text => {
  expect(() => bytesIn(text)).toThrow('must be a size of at least 6m, such as 256M or 1.5g, or 0 for no limit')
})

test.each([
  ['0.5', 0.5],
  ['.5', 0.5],
  ['5.', 5],
  ['+7', 7],
  ['010', 10],
  ['1e-1', 0.1],
  ['0.01', 0.01]
])('a CPU limit of %s is %d CPUs', (text, cpus) => {
  expect(cpusIn(text)).toBe(cpus)
})

test.each(['0.001', '0.0099', '-1', '', 'abc', '0x10', 'inf', 'NaN', ' 7 ', '1_000'])('%j is not a CPU limit', text => {
  expect(() => cpusIn(text)).toThrow('must be a number of CPUs of at least 0.01')
})

test.each([['128', 128], ['+7', 7], ['010', 10], ['4194304', 4_194_304]])('a limit of %s tasks is %i', (text, pids) => {
  expect(pidsIn(text)).toBe(pids)
})

test.each(['99999999', '4194305', '5.0', '0x10', '1e2', '', 'abc', ' 7 '])('%j is not a limit of tasks', text => {
  expect(() => pidsIn(text)).toThrow('must be a whole number of at most 4194304 tasks')
})

test.each([
  [cpusIn, '0'],
  [cpusIn, '0.00'],
  [bytesIn, '0'],
  [pidsIn, '0'],
  [pidsIn, '-1']
])('%p: %s is no limit', (parse, text) => {
  expect(parse(text)).toBeNull()
})
