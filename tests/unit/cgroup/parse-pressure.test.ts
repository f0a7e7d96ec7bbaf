import { expect, test } from '@jest/globals'
import { parsePressure } from '#cgroup/parse-pressure.ts'

const some = 'some avg10=55.94 avg60=31.04 avg300=8.42 total=27282061\n'
const full = 'full avg10=52.49 avg60=29.40 avg300=8.01 total=26008038\n'
const someLine = { avg10Percent: 55.94, avg60Percent: 31.04, avg300Percent: 8.42, totalUs: 27282061 }
const fullLine = { avg10Percent: 52.49, avg60Percent: 29.4, avg300Percent: 8.01, totalUs: 26008038 }

test.each([
  ['both lines', some + full, { some: someLine, full: fullLine }],
  ['no full line, as for CPU before 5.13', some, { some: someLine, full: null }],
  ['a line of a kind to come', some + 'most avg10=1\n' + full, { some: someLine, full: fullLine }],
  ['nothing', '', { some: null, full: null }]
])('parsePressure of %s', (_case, text, pressure) => {
  expect(parsePressure(text)).toEqual(pressure)
})

test.each([
  ['a line cut short', 'some avg10=55.94 avg60'],
  ['a word for a total', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=lots'],
  ['a negative average', 'full avg10=-1.00 avg60=0.00 avg300=0.00 total=0']
])('parsePressure refuses %s and shows it', (_case, text) => {
  expect(() => parsePressure(text)).toThrow(`expected a line of pressure, got ${JSON.stringify(text)}`)
})
