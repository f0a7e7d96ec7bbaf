import { describe, expect, test } from '@jest/globals'
import { acceptTable, cpuTable, rateTable, type Measurement, type Pair } from '#scripts/bench/jobs-tables.ts'
import type { Spent } from '#scripts/bench/service-cpu.ts'

const idle: Spent = { cpuMs: 0, throttledShare: 0 }

function measurement (jobsPerSecond: number, spent: Partial<Measurement['spent']> = {}): Measurement {
  return {
    jobsPerSecond,
    posting: { seconds: 1, p50Ms: 2, p99Ms: 8 },
    spent: { api: idle, worker: idle, postgres: idle, redis: idle, ...spent },
    othersCpus: 0.25
  }
}

function pair (ours: Measurement, bare: Measurement): Pair {
  const all = (one: Measurement) => ({ 'end to end': one, accept: one, drain: one })
  return { concurrency: 4, ours: all(ours), bare: all(bare) }
}

/** The cells of the first row that begins with these. */
function row (table: string, ...begin: string[]): string[] | undefined {
  const rows = table.split('\n').map(line => line.slice(2, -2).split(' | '))
  return rows.find(cells => begin.every((cell, i) => cells[i] === cell))
}

describe('the tables of bench -- jobs', () => {
  test('a ratio is one of neighbours: a host that was slow for a round changes the rates and not the ratio', () => {
    const rates: Array<[number, number]> = [[100, 1000], [10, 100], [80, 800]]
    const pairs = rates.map(([ours, bare]) => pair(measurement(ours), measurement(bare)))
    expect(row(rateTable(pairs), '4', 'end to end')).toEqual(
      ['4', 'end to end', '80 (10 to 100)', '800 (100 to 1000)', '0.10 (0.10 to 0.10)'])
    expect(row(acceptTable(pairs), 'ours of bare')?.[1]).toBe('0.10 (0.10 to 0.10)')
  })

  test('CPU is that of one job, and the services that were throttled are named, the most throttled first', () => {
    const spent = { api: { cpuMs: 200, throttledShare: 0.25 }, redis: { cpuMs: 50, throttledShare: 0.4 } }
    const table = cpuTable([pair(measurement(1, spent), measurement(1))], 100)
    expect(row(table, '4', 'drain', 'ours')?.slice(3)).toEqual(
      ['2.00', '0.00', '0.00', '0.50', '2.50', 'redis 40 %, api 25 %', '0.25'])
    expect(row(table, '4', 'drain', 'bare BullMQ')?.at(-2)).toBe('none')
  })

  test('what was not measured is neither 0 nor part of a sum', () => {
    const spent = { postgres: { cpuMs: null, throttledShare: null } }
    const table = cpuTable([pair(measurement(1, spent), measurement(1))], 100)
    expect(row(table, '4', 'accept', 'ours')?.slice(3)).toEqual(
      ['0.00', '0.00', '–', '0.00', '–', 'postgres –', '0.25'])
  })
})
