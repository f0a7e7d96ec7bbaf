import { expect, test } from '@jest/globals'
import { UsageError } from '#lab/cli/arguments.ts'
import { ps, readPsOptions } from '#lab/cli/ps.ts'
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

/** Asked for the last time, somebody presses Ctrl-C. */
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
  expect(await output({ watch: false, json: false, isTerminal: true })).toEqual([expect.stringMatching(/^NAME .*RESTARTS\nlab-api-1 .*\n$/)])
})

test('ps --json prints the sample on one line', async () => {
  expect(await output({ watch: false, json: true, isTerminal: false })).toEqual([`${JSON.stringify(sample)}\n`])
})

test('ps --watch on a terminal draws over what it drew, until it is stopped', async () => {
  const [first, second] = await output({ watch: true, json: false, isTerminal: true }, 2)
  expect(first?.startsWith('\x1b[H')).toBe(true)
  expect(second).toBe(first)
})

test('ps --watch without a terminal prints without control characters', async () => {
  const [text] = await output({ watch: true, json: false, isTerminal: false })
  expect(text).not.toContain('\x1b')
})
