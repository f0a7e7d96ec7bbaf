import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { Limit } from '#cgroup/reading.ts'
import {
  formatBytes, formatCores, formatCount, formatHour, formatLimitBytes, formatMoment, formatMs, formatNumberOf,
  formatRate, formatSeconds, formatShare, formatTime, plain
} from '#lab/format.ts'

const MIB = 1024 ** 2

test('a no-break space keeps number and unit together, and a terminal gets a plain one', () => {
  expect([formatBytes(MIB), plain(formatBytes(MIB))]).toEqual(['1.0\u00a0MiB', '1.0 MiB'])
})

test.each([
  [null, '–'],
  [0, '0 B'],
  [512, '512 B'],
  [614 * 1024, '614 KiB'],
  [1.5 * MIB, '1.5 MiB'],
  [99.94 * MIB, '99.9 MiB'],
  [217.4 * MIB, '217 MiB'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '2 KiB'],
  [256 * MIB, '256 MiB'],
  [1024 * MIB, '1.00 GiB'],
  [1.5 * 1024 ** 4, '1.50 TiB'],
  [-3 * MIB, '-3.0 MiB']
])('formatBytes of %p is %p', (bytes, text) => {
  expect(plain(formatBytes(bytes))).toBe(text)
})

test.each<[Limit | undefined, string]>([
  [256 * MIB, '256 MiB'],
  [1024 * MIB, '1 GiB'],
  [1536 * MIB, '1536 MiB'],
  [64 * 1024, '64 KiB'],
  [268_435_455, '256 MiB'],
  [5000 * 1024 ** 4, '5000 TiB'],
  ['max', 'max'],
  [null, '–'],
  [undefined, '–']
])('a limit of %p bytes is written %p', (bytes, text) => {
  expect(plain(formatLimitBytes(bytes))).toBe(text)
})

test.each([
  [null, '–'],
  [undefined, '–'],
  [0, '0 %'],
  [0.0004, '0 %'],
  [0.004, '0.4 %'],
  [0.0994, '9.9 %'],
  [0.0999, '10 %'],
  [0.1234, '12 %'],
  [0.43, '43 %'],
  [1.07, '107 %']
])('formatShare of %p is %p', (share, text) => {
  expect(plain(formatShare(share))).toBe(text)
})

test('CPUs have two decimals, so that 0.50 can be compared with its limit', () => {
  expect([formatCores(0.5), formatCores(0.456), formatCores(0), formatCores(null)]).toEqual([
    '0.50',
    '0.46',
    '0.00',
    '–'
  ])
})

test('counts are whole, and nothing is a dash', () => {
  expect([formatCount(14), formatCount('max'), formatCount(null)]).toEqual(['14', 'max', '–'])
})

test('seconds lose a decimal from ten on, and are milliseconds below a tenth', () => {
  expect([2.264, 12.34, 0.04, 0, null].map(seconds => plain(formatSeconds(seconds)))).toEqual([
    '2.26 s',
    '12.3 s',
    '40 ms',
    '0 s',
    '–'
  ])
})

test('one is singular, everything else plural', () => {
  expect(
    [formatNumberOf(0, 'restart'), formatNumberOf(1, 'restart'), formatNumberOf(2, 'OOM kill')].map(plain)
  ).toEqual(['0 restarts', '1 restart', '2 OOM kills'])
})

test('a time of day has hours, minutes and seconds', () => {
  expect(formatTime('2026-01-01T07:05:09.250Z')).toMatch(/^\d{2}:\d{2}:09$/)
})

interface Case17 { at: string, language: string, formatTime: string, formatMoment: string }
const case17 = JSON.parse(readFileSync('tests/fixtures/cases/17-just-after-midnight/times.json', 'utf8')) as Case17[]

test.each(case17)('case 17: at $at it is $formatTime in $language, and midnight belongs to the new day', ({ at, language, ...expected }) => {
  expect({ formatTime: formatTime(at, language), formatMoment: formatMoment(at, language) }).toEqual(expected)
})

test.each([
  ['midnight exactly, in Chinese', '2026-01-10T00:00:00', 'zh-TW', '00:00:00'],
  ['midnight exactly, in Hindi', '2026-01-10T00:00:00', 'hi', '00:00:00'],
  ['noon', '2026-01-10T12:00:00', 'en-US', '12:00:00'],
  ['the last second of a day', '2026-01-10T23:59:59', 'en-US', '23:59:59'],
  ['an hour of one digit, in Spanish', '2026-01-10T09:05:09', 'es', '09:05:09'],
  ['an hour of one digit, in Danish', '2026-01-10T09:05:09', 'da', '09.05.09']
])('%s has two digits for each part', (_case, at, language, time) => {
  expect([formatTime(at, language), formatHour(at, language)]).toEqual([time, time.slice(0, 5)])
})

test.each([
  [null, '–'],
  [0.618, '0.62 ms'],
  [7.3, '7.30 ms'],
  [12.34, '12.3 ms'],
  [498.2, '498 ms'],
  [16_240, '16.2 s']
])('%p milliseconds read %p', (ms, words) => {
  expect(plain(formatMs(ms))).toBe(words)
})

test('a rate has one decimal where it needs one', () => {
  expect([formatRate(50), formatRate(49.52), formatRate(null)]).toEqual(['50/s', '49.5/s', '–'])
})
