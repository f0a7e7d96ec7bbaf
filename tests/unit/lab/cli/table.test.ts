import { expect, test } from '@jest/globals'
import { bytes, cores, percent } from '#lab/cli/format.ts'
import { tableOf } from '#lab/cli/table.ts'
import { busyView, sampleOf } from '../support/samples.ts'

const cellsOf = (line: string) => line.split(/ {3,}/)

test('a throttled container is a line with its limits', () => {
  const [titles, line] = tableOf(sampleOf(busyView())).split('\n').map(cellsOf)
  expect(Object.fromEntries(titles!.map((title, i) => [title, line![i]]))).toMatchObject({
    NAME: 'lab-api-1',
    STATE: 'throttled',
    'CPU / LIMIT': '0.50 / 0.50',
    'CPU %': '100.0 %',
    THROTTLED: '50.0 %',
    'MEM / LIMIT': '128 MiB / 256 MiB',
    'MEM %': '50.0 %',
    PEAK: '200 MiB',
    'PIDS / LIMIT': '12 / 100',
    OOM: '0',
    RESTARTS: '0'
  })
})

test('a peak that the kernel does not keep is the highest that was seen, and says so', () => {
  const view = busyView()
  const line = tableOf(sampleOf({ ...view, memory: { ...view.memory, peakBytes: 180 * 2 ** 20, peakFrom: 'samples' } })).split('\n')[1]!
  expect(cellsOf(line)).toContain('180 MiB seen')
})

test.each([['throttled', '50.0 %'], ['not_throttled', 'no'], ['not_measured', '–']] as const)(
  'throttling that is %s reads %s', (throttling, cell) => {
    const view = busyView()
    const line = tableOf(sampleOf({ ...view, cpu: { ...view.cpu, throttling } })).split('\n')[1]!
    expect(cellsOf(line)[4]).toBe(cell)
  })

test('a container of which nothing is known is a line of dashes', () => {
  const view = busyView()
  const nothing = { ...view, effective: null, pressure: { cpu: null, memory: null, io: null }, memory: { ...view.memory, currentBytes: null } }
  expect(tableOf(sampleOf(nothing))).toMatch(/– \/ –/)
})

test('columns stand under their titles, numbers to the right', () => {
  const lines = tableOf(sampleOf(busyView(), busyView({ name: 'a-much-longer-name-1', oomKills: 12 }))).trimEnd().split('\n')
  expect(new Set(lines.map(line => line.length)).size).toBe(1)
})

test('without containers there are only titles', () => {
  expect(tableOf(sampleOf()).trimEnd().split('\n')).toHaveLength(1)
})

test.each([[0, '0 B'], [1023, '1023 B'], [1024, '1 KiB'], [1536, '1.5 KiB'], [256 * 2 ** 20, '256 MiB'], [2 ** 40 * 5000, '5000 TiB'], ['max', 'max'], [null, '–']] as const)(
  '%s bytes read %s', (value, text) => {
    expect(bytes(value)).toBe(text)
  })

test('shares read as percent, and what is missing as a dash', () => {
  expect([percent(0.1234), percent(0), percent(null), cores(0.456), cores(null)]).toEqual(['12.3 %', '0.0 %', '–', '0.46', '–'])
})

test('a stack of which nothing is seen is said to be so, instead of a table without lines', () => {
  expect(tableOf(sampleOf())).toMatch(/^No container is seen: /)
})
