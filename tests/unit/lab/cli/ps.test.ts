import { expect, test } from '@jest/globals'
import { UsageError } from '#lab/cli/command.ts'
import { ps, readPsOptions, tableOf } from '#lab/cli/ps.ts'
import { busyView, sampleOf } from '../support/samples.ts'

const sample = sampleOf(busyView())

test.each([
  [[], { watch: false, json: false }],
  [['--watch', '--json'], { watch: true, json: true }],
  [['-w'], { watch: true, json: false }]
])('ps %j is understood', (args, options) => {
  expect(readPsOptions(args)).toEqual(options)
})

test.each([[['api']], [['--wach']], [['--watch=yes']]])('ps %j is refused', args => {
  expect(() => readPsOptions(args)).toThrow(UsageError)
})

/** The output of `ps`. Ctrl-C is pressed when the lab was asked `times` times. */
async function output (options: { watch: boolean, json: boolean, isTerminal: boolean }, times = 1): Promise<string[]> {
  const stopping = new AbortController()
  const printed: string[] = []
  let asked = 0
  const ask = async () => {
    if (++asked === times) stopping.abort()
    return sample
  }
  await ps(ask, options, { isTerminal: options.isTerminal, print: text => printed.push(text) }, stopping.signal)
  return printed
}

test('ps prints the table once', async () => {
  expect(await output({ watch: false, json: false, isTerminal: true })).toEqual([
    expect.stringMatching(/^NAME .*RESTARTS\nlab-api-1 .*\n$/)
  ])
})

test('ps --json prints the sample on one line', async () => {
  expect(await output({ watch: false, json: true, isTerminal: false })).toEqual([`${JSON.stringify(sample)}\n`])
})

test('ps --watch on a terminal redraws until it is stopped', async () => {
  const [first, second] = await output({ watch: true, json: false, isTerminal: true }, 2)
  expect(first?.startsWith('\x1b[H')).toBe(true)
  expect(second).toBe(first)
})

test('ps --watch without a terminal prints without control characters', async () => {
  const [text] = await output({ watch: true, json: false, isTerminal: false })
  expect(text).not.toContain('\x1b')
})

const cellsOf = (line: string) => line.split(/ {3,}/)

test('a throttled container is a line with its limits', () => {
  const [titles, line] = tableOf(sampleOf(busyView())).split('\n').map(cellsOf)
  expect(Object.fromEntries(titles!.map((title, i) => [title, line![i]]))).toMatchObject({
    NAME: 'lab-api-1',
    STATE: 'throttled',
    'CPU / LIMIT': '0.50 / 0.50',
    'CPU %': '100 %',
    THROTTLED: '50 %',
    'MEM / LIMIT': '128 MiB / 256 MiB',
    'MEM %': '50 %',
    PEAK: '200 MiB',
    'PIDS / LIMIT': '12 / 100',
    OOM: '0',
    RESTARTS: '0'
  })
})

test('a container without a limit is shown as that, against what the host has', () => {
  const effective = {
    cpuCores: { cores: 4, from: 'host' }, memory: { bytes: 8 * 2 ** 30, from: 'host' }, swap: null, pids: { max: 32768, from: 'host' }
  } as const
  expect(cellsOf(tableOf(sampleOf(busyView({ effective }))).split('\n')[1]!)).toEqual(expect.arrayContaining([
    '0.50 / none (host 4.00)', '128 MiB / none (host 8.00 GiB)', '12 / none (host 32768)'
  ]))
})

test('if the kernel keeps no peak, the highest usage that was read is marked as seen', () => {
  const view = busyView()
  const line = tableOf(
    sampleOf({ ...view, memory: { ...view.memory, peakBytes: 180 * 2 ** 20, peakFrom: 'samples' } })
  ).split('\n')[1]!
  expect(cellsOf(line)).toContain('180 MiB seen')
})

test.each([['throttled', '50 %'], ['not_throttled', 'no'], ['not_measured', '–']] as const)(
  'throttling that is %s reads %s', (throttling, cell) => {
    const view = busyView()
    const line = tableOf(sampleOf({ ...view, cpu: { ...view.cpu, throttling } })).split('\n')[1]!
    expect(cellsOf(line)[4]).toBe(cell)
  })

test('a container without readings is a line of dashes', () => {
  const view = busyView()
  const pressure = { cpu: null, memory: null, io: null }
  const nothing = { ...view, effective: null, pressure, memory: { ...view.memory, currentBytes: null } }
  expect(tableOf(sampleOf(nothing))).toMatch(/– \/ –/)
})

test('columns align under their titles, numbers to the right', () => {
  const lines = tableOf(sampleOf(busyView(), busyView({ name: 'a-much-longer-name-1', oomKills: 12 })))
    .trimEnd()
    .split('\n')
  expect(new Set(lines.map(line => line.length)).size).toBe(1)
})

test('without containers the table is one line', () => {
  expect(tableOf(sampleOf()).trimEnd().split('\n')).toHaveLength(1)
})

test('without containers ps says so, instead of printing an empty table', () => {
  expect(tableOf(sampleOf())).toMatch(/^No container was found: /)
})
