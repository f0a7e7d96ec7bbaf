import { expect, test } from '@jest/globals'
import { tables, type Row } from '#scripts/bench/observe-table.ts'

const row: Row = {
  containers: 5,
  bareUs: 100,
  lab: { samplerUs: 160, processUs: 400 },
  labWithBrowser: { samplerUs: 240, processUs: 500 },
  dockerStatsUs: 1600,
  netdata: { us: 800, readingsPerSecond: 1 },
  cadvisor: { notRun: 'there is no cadvisor' }
}

test('the table has all figures, and the ratios compare whole processes with whole processes', () => {
  expect(tables([row])).toContain('| 5 | 100 | 160 | 240 | 400 | 1600 | 800 | not run |')
  expect(tables([row])).toContain('| 5 | 1.600 | 1.500 | 0.100 | 0.500 | not run |')
})

test('a monitor that was not run has no figure, and the reason is below the table', () => {
  expect(tables([row])).toContain('cAdvisor, 5 containers, not run: there is no cadvisor')
})

test('a monitor that was run says how often it read', () => {
  expect(tables([row])).toContain('netdata read each of 5 containers 1.00 times a second.')
})
