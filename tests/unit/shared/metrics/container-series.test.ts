import { expect, test } from '@jest/globals'
import type { Reading } from '#cgroup/reading.ts'
import { containerSeries, sharesOf } from '#shared/metrics/container-series.ts'
import { fullReading, readingOf } from '#support/readings.ts'

function seriesOf (reading: Reading): Record<string, number> {
  return Object.fromEntries(containerSeries.flatMap(({ name, labels, value }) => {
    const number = value(reading)
    const key = labels ? `${name}${JSON.stringify(labels)}` : name
    return number === null ? [] : [[key, number]]
  }))
}

test('a reading of which the kernel says nothing has no series', () => {
  expect(seriesOf(readingOf())).toEqual({})
})

test('a full reading has every series in the unit of its name', () => {
  expect(seriesOf(fullReading())).toEqual({
    'container_cpu_usage_seconds_total{"cpu":"total"}': 3.5,
    container_cpu_user_seconds_total: 2,
    container_cpu_system_seconds_total: 1.5,
    container_cpu_cfs_periods_total: 40,
    container_cpu_cfs_throttled_periods_total: 30,
    container_cpu_cfs_throttled_seconds_total: 0.9,
    container_cpu_cfs_burst_periods_total: 2,
    container_cpu_cfs_burst_seconds_total: 0.01,
    container_spec_cpu_period: 100000,
    container_spec_cpu_quota: 50000,
    container_spec_cpu_shares: 1024,
    container_memory_usage_bytes: 101,
    container_memory_max_usage_bytes: 102,
    container_memory_working_set_bytes: 103,
    container_memory_swap: 104,
    container_memory_rss: 105,
    container_memory_cache: 106,
    container_memory_mapped_file: 107,
    container_memory_file_dirty_bytes: 108,
    container_memory_file_writeback_bytes: 109,
    container_memory_kernel_usage: 111,
    container_memory_total_active_file_bytes: 113,
    container_memory_total_inactive_file_bytes: 114,
    container_spec_memory_limit_bytes: 268435456,
    container_spec_memory_reservation_limit_bytes: 0,
    container_spec_memory_swap_limit_bytes: 0,
    container_memory_failcnt: 3,
    'container_memory_failures_total{"failure_type":"pgfault","scope":"container"}': 115,
    'container_memory_failures_total{"failure_type":"pgfault","scope":"hierarchy"}': 115,
    'container_memory_failures_total{"failure_type":"pgmajfault","scope":"container"}': 116,
    'container_memory_failures_total{"failure_type":"pgmajfault","scope":"hierarchy"}': 116,
    container_memory_events_high_total: 2,
    container_memory_events_max_total: 3,
    container_oom_events_total: 5,
    container_threads: 11,
    container_threads_max: 128,
    container_processes: 3,
    container_pressure_cpu_waiting_seconds_total: 1,
    container_pressure_cpu_stalled_seconds_total: 0.5,
    container_pressure_memory_waiting_seconds_total: 2,
    container_pressure_memory_stalled_seconds_total: 0.25,
    container_pressure_io_waiting_seconds_total: 3,
    container_pressure_io_stalled_seconds_total: 0.125,
    limits_lab_cpu_weight: 100,
    limits_lab_cpuset_cpus: 2,
    limits_lab_swap_limit_bytes: 0,
    limits_lab_pids_peak: 13,
    limits_lab_pids_limit_hits_total: 1
  })
})

test.each([
  'container_spec_memory_limit_bytes', 'container_spec_memory_swap_limit_bytes', 'container_threads_max'
])('%s without a limit is 0, as cAdvisor has it', name => {
  const limits = { memoryMaxBytes: 'max', rawSwapMaxBytes: 'max', pidsMax: 'max' } as const
  expect(seriesOf(readingOf({ limits }))).toMatchObject({ [name]: 0 })
})

test('a reservation of "max" is none on v1, where it is a soft limit, and all of it on v2, for which there is no number', () => {
  const reserved = (version: 'v1' | 'v2' | 'hybrid') => seriesOf(readingOf({ version, limits: { memoryLowBytes: 'max' } }))
  const none = { container_spec_memory_reservation_limit_bytes: 0 }
  expect([reserved('v1'), reserved('hybrid'), reserved('v2')]).toEqual([none, none, {}])
  expect(seriesOf(readingOf({ limits: { memoryLowBytes: 0 } }))).toEqual(none)
})

test('the own swap limit, without a limit, is absent', () => {
  expect(seriesOf(readingOf({ limits: { swapMaxBytes: 'max' } }))).toEqual({})
})

test('the cfs family without a quota is absent, though the kernel counts', () => {
  const names = Object.keys(seriesOf(fullReading({ limits: { cpuMax: { quotaUs: 'max', periodUs: 100_000 } } })))
  expect(names.filter(name => name.includes('_cfs_'))).toEqual([])
  expect(names).toContain('container_spec_cpu_period')
  expect(names).not.toContain('container_spec_cpu_quota')
})

test('counters of 0 are there', () => {
  expect(seriesOf(readingOf({ memory: { events: { oomKill: 0 } } }))).toEqual({ container_oom_events_total: 0 })
})

test('memory events on v1 are failcnt alone', () => {
  const names = Object.keys(seriesOf(fullReading({ version: 'v1' })))
  expect(names.filter(name => /failcnt|_events_(high|max)/.test(name))).toEqual(['container_memory_failcnt'])
})

test('shares on v1 are the kernel\'s own number', () => {
  expect(seriesOf(readingOf({ version: 'v1', limits: { cpuShares: 512 } }))).toEqual({ container_spec_cpu_shares: 512 })
})

test('every series of a name has one type, one help and the same label names', () => {
  const shapes = new Map<string, string>()
  for (const { name, type, help, labels } of containerSeries) {
    const shape = JSON.stringify([type, help, Object.keys(labels ?? {})])
    expect([name, shapes.get(name) ?? shape]).toEqual([name, shape])
    shapes.set(name, shape)
  }
})

test.each([
  [null, null], [0, 2], [1, 2], [100, 1024], [10_000, 262_144], [99, 1011]
])('shares of weight %j are %j', (weight, shares) => {
  expect(sharesOf(weight)).toBe(shares)
})

/** The way there, as runc computes it since 1.3.2. */
function weightOf (shares: number): number {
  if (shares <= 2) return 1
  if (shares >= 262_144) return 10_000
  const l = Math.log2(shares)
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34))
}

test('shares of every weight lead back to that weight', () => {
  const weights = Array.from({ length: 10_000 }, (_, i) => i + 1)
  const astray = weights.filter(weight => weightOf(sharesOf(weight)!) !== weight)
  expect(astray).toEqual([])
})

test.each([[4, 10], [17, 102], [35, 256], [59, 512], [174, 2048], [303, 4096], [532, 8192]])('shares of weight %d are %d or the next few above, which have the same weight', (weight, shares) => {
  expect(weightOf(shares)).toBe(weight)
  expect(sharesOf(weight)).toBeGreaterThanOrEqual(shares)
})
