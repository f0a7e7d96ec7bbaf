import { expect, test } from '@jest/globals'
import {
  countCpus,
  parseCount,
  parseCpuMax,
  parseLimit,
  parseLimitV1,
  parsePeriod,
  parseQuotaV1,
  parseWhole,
  parseWholeLine,
  valueOf
} from '#cgroup/parse.ts'

test.each([
  ['0', 0],
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740992] // beyond 2^53: the nearest double
])('parseWhole of %s', (text, value) => {
  expect(parseWhole(text)).toBe(value)
})

test.each(['', ' ', '1 2', '1.5', '-1', '+1', '1e3', '0x10', 'max', '12 ', 'NaN'])(
  'parseWhole refuses %j and shows it',
  text => {
    expect(() => parseWhole(text)).toThrow(`expected a whole number, got ${JSON.stringify(text)}`)
  }
)

test.each([
  ['a count', '430080\n', 430080],
  ['a count that dipped below zero', '-4096\n', 0],
  ['the same without a sign', '18446744073709547520\n', 0],
  ['nanoseconds of 200 days', '17280000000000000\n', 17280000000000000]
])('parseCount of %s', (_case, text, value) => {
  expect(parseCount(text)).toBe(value)
})

test.each([
  ['a number', '67108864\n', 67108864],
  ['max', 'max\n', 'max'],
  ['zero, which is a limit', '0\n', 0],
  ['2^62', '4611686018427387904\n', 'max'],
  ['2^64-1', '18446744073709551615\n', 'max'],
  ['the largest that is a limit still', '4611686018427387392\n', 4611686018427387392]
])('parseLimit of %s', (_case, text, limit) => {
  expect(parseLimit(text)).toBe(limit)
})

test.each([['a word', 'unlimited\n'], ['a negative number', '-1\n'], ['nothing', '\n'], ['two words', 'max 100000\n']])(
  'parseLimit refuses %s', (_case, text) => {
    expect(() => parseLimit(text)).toThrow('expected a whole number')
  })

test.each([
  ['-1', 'max'],
  ['9223372036854771712', 'max'], // pages of 4 KiB
  ['9223372036854759424', 'max'], // 16 KiB
  ['9223372036854710272', 'max'], // 64 KiB
  ['9223372036854775807', 'max'], // old kernels
  ['33554432', 33554432]
])('parseLimitV1 of %s', (text, limit) => {
  expect(parseLimitV1(`${text}\n`)).toBe(limit)
})

test.each([
  ['a quota', '50000 100000\n', { quotaUs: 50000, periodUs: 100000 }],
  ['no limit', 'max 100000\n', { quotaUs: 'max', periodUs: 100000 }],
  ['one field: the default period', '50000\n', { quotaUs: 50000, periodUs: 100000 }],
  ['only max', 'max\n', { quotaUs: 'max', periodUs: 100000 }],
  ['another period', '25000 50000\n', { quotaUs: 25000, periodUs: 50000 }]
])('parseCpuMax of %s', (_case, text, value) => {
  expect(parseCpuMax(text)).toEqual(value)
})

test.each([
  ['an empty file', '', 'expected a whole number, got ""'],
  ['a word', 'abc 100000', 'got "abc"'],
  ['a negative quota', '-1 100000', 'got "-1"'],
  ['too many fields', '1 2 3', 'expected quota and period, got "1 2 3"'],
  ['a zero period', '50000 0', 'expected a period of at least 1 us, got 0'],
  ['a period of max', '50000 max', 'got "max"']
])('parseCpuMax refuses %s', (_case, text, message) => {
  expect(() => parseCpuMax(text)).toThrow(message)
})

test.each([['50000\n', 50000], ['-1\n', 'max']])('parseQuotaV1 of %j', (text, quota) => {
  expect(parseQuotaV1(text)).toBe(quota)
})

test.each(['-2', 'max', ''])('parseQuotaV1 refuses %j', text => {
  expect(() => parseQuotaV1(text)).toThrow('expected a whole number')
})

test.each(['-1', '0', 'max'])('parsePeriod refuses %j', text => {
  expect(() => parsePeriod(text)).toThrow('expected')
})

test('parseWholeLine takes the line end too', () => {
  expect([parseWholeLine('1024\n'), parseWholeLine('1024')]).toEqual([1024, 1024])
})

test.each([
  ['0\n', 1],
  ['0-1\n', 2],
  ['0-3,5\n', 5],
  ['0-3,5,8-11\n', 9],
  ['\n', null],
  ['', null]
])('countCpus of %j', (text, count) => {
  expect(countCpus(text)).toBe(count)
})

test.each(['3-1', '0-', '-1', '0,,2', 'all', '0-1-2'])('countCpus refuses %s', text => {
  expect(() => countCpus(text)).toThrow('expected')
})

test.each([
  ['keys in another order', 'nr_throttled 513\nusage_usec 27\n'],
  ['unknown keys between', 'usage_usec 27\ncore_sched.force_idle_usec 1\nnr_throttled 513\n'],
  ['keys that hold or begin with a wanted one', 'max_usage_usec 1\nusage_usec_max 2\nusage_usec 27\nnr_throttled_usec 3\nnr_throttled 513\n'],
  ['a malformed unknown key', 'usage_usec 27\nnice_usec lots\nnr_throttled 513\n'],
  ['a torn unknown line', 'usage_usec 27\nnice_us\n\nnr_throttled 513\n'],
  ['no line end', 'usage_usec 27\nnr_throttled 513']
])('valueOf a key in a file with %s', (_case, text) => {
  expect([valueOf(text, 'usage_usec'), valueOf(text, 'nr_throttled')]).toEqual([27, 513])
})

test.each(['usage_usec 27\n', 'usage_usec 27\nnr_throttled_usec 1\n', ''])(
  'valueOf a key that is not in %j is null',
  text => {
    expect(valueOf(text, 'nr_throttled')).toBeNull()
  }
)

test.each([
  ['a word for a number', 'usage_usec lots\n', 'usage_usec: expected a whole number, got "lots"'],
  ['a key torn off', 'usage_usec\n', 'usage_usec: expected a whole number, got ""'],
  ['a key torn off at the end', 'usage_usec', 'usage_usec: expected a whole number, got ""'],
  ['two numbers', 'usage_usec 1 2\n', 'usage_usec: expected a whole number, got "1 2"']
])('valueOf refuses %s', (_case, text, message) => {
  expect(() => valueOf(text, 'usage_usec')).toThrow(message)
})
