import { describe, expect, test } from '@jest/globals'
import { UsageError } from '#lab/cli/command.ts'
import { load, progressLine, readLoadOptions, summaryText } from '#lab/cli/load.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { connectionsOf, figuresOf, latencyOf, liveOf, summaryOf, viewOf } from '../support/load-figures.ts'

describe('arguments', () => {
  test.each([
    [['--path', '/', '--rate', '50'], { path: '/', ratesPerSecond: [50] }],
    [['--path', '/', '--steps', '20,40.5,80'], { path: '/', ratesPerSecond: [20, 40.5, 80] }],
    [['--path', '/', '--rate', '1', '--duration', '2m', '--timeout', '500ms', '--connections', '3', '--service', 'worker', '--body', '{"kind":"noop"}'],
      { path: '/', ratesPerSecond: [1], durationSeconds: 120, timeoutSeconds: 0.5, connections: 3, service: 'worker', body: { kind: 'noop' } }],
    [['http://web:8000/search?q=x', '--rate', '5'], { service: 'web', port: 8000, path: '/search?q=x', ratesPerSecond: [5] }],
    [['http://my_web.app', '--rate', '5'], { service: 'my_web.app', port: 80, path: '/', ratesPerSecond: [5] }],
    [['--path', '/', '--rate', '1', '--duration', '1.5'], { path: '/', ratesPerSecond: [1], durationSeconds: 1.5 }]
  ])('%j ask for a load', (args, request) => {
    expect(readLoadOptions(args)).toEqual({ request, json: false })
  })

  test.each<[string[], string]>([
    [['--rate', '5'], 'needs a --path'],
    [['--path', '/'], 'either --rate or --steps'],
    [['--path', '/', '--rate', '5', '--steps', '5,6'], 'either --rate or --steps'],
    [['--path', '/', '--rate', 'many'], 'expected a number, got "many"'],
    [['--path', '/', '--steps', '1,,2'], 'expected a number, got ""'],
    [['--path', '/', '--rate', '5', '--duration', '20h'], '--duration: expected a duration like 500ms, 20s or 2m, got "20h"'],
    [['--path', '/', '--rate', '5', '--body', '{'], '--body is not valid JSON'],
    [['http://web/', 'http://db/', '--rate', '5'], 'unexpected "http://db/"'],
    [['http://web/', '--rate', '5', '--path', '/'], 'a URL has the service and the path in it'],
    [['http://web/', '--rate', '5', '--service', 'api'], 'a URL has the service and the path in it'],
    [['https://web/', '--rate', '5'], 'expected http://SERVICE:PORT/PATH, got "https://web/"'],
    [['http://user@web/', '--rate', '5'], 'expected http://SERVICE:PORT/PATH'],
    [['web:8000', '--rate', '5'], 'expected http://SERVICE:PORT/PATH'],
    [['--path', '/', '--rate', '5', '--fast'], '--fast']
  ])('%j are refused', (args, reason) => {
    expect(() => readLoadOptions(args)).toThrow(UsageError)
    expect(() => readLoadOptions(args)).toThrow(reason)
  })
})

const finished = (given: Partial<LoadView> = {}) => viewOf({ state: 'finished', summary: summaryOf(), ...given })

/** The output of `lab load`, if the lab shows the load like this, one look after the other. */
async function shown (views: LoadView[], { json = false, isTerminal = false, stopAtFirstLook = false } = {}) {
  const stopping = new AbortController()
  const printed: string[] = []
  const cancelled: string[] = []
  const api = {
    start: async () => viewOf(),
    look: async () => {
      if (stopAtFirstLook) stopping.abort()
      return views.shift()!
    },
    cancel: async (id: string) => { cancelled.push(id) }
  }
  const terminal = { isTerminal, print: (text: string) => printed.push(text) }
  const exitCode = await load(api, { json, everyMs: 1 }, terminal, stopping.signal)
  return { exitCode, printed, cancelled }
}

describe('a load', () => {
  test.each<[string, Partial<LoadView>, number]>([
    ['was answered in full', {}, 0],
    ['had a failed request', { summary: summaryOf({ total: figuresOf({ succeeded: 999, failed: 1, timeouts: 1 }) }) }, 1],
    ['was more than the generator could do', { summary: summaryOf({ generator: { ...summaryOf().generator, keptPace: false } }) }, 1],
    ['was cancelled', { state: 'cancelled' }, 1],
    ['failed', { state: 'failed', summary: null, error: 'getaddrinfo ENOTFOUND api' }, 1]
  ])('that %s exits with its code', async (_case, given, code) => {
    expect((await shown([finished(given)])).exitCode).toBe(code)
  })

  test('on a terminal is a line that is redrawn, then the result', async () => {
    const { printed } = await shown([viewOf({ live: liveOf() }), finished()], { isTerminal: true })
    expect(printed[1]).toBe(`\r${progressLine(viewOf({ live: liveOf() }))}\x1b[K`)
    expect(printed.at(-1)).toBe(`\r\x1b[K${summaryText(finished())}`)
  })

  test('otherwise is plain lines', async () => {
    const { printed } = await shown([finished()])
    expect(printed.join('')).not.toMatch(/[\r\x1b]/) // eslint-disable-line no-control-regex
  })

  test('as JSON is one document and nothing else', async () => {
    const { printed } = await shown([viewOf({ live: liveOf() }), finished()], { json: true })
    expect(printed).toEqual([`${JSON.stringify(finished())}\n`])
  })

  test('is cancelled by Ctrl-C, and what was measured is printed', async () => {
    const views = [viewOf({ live: liveOf() }), viewOf({ live: liveOf() }), finished({ state: 'cancelled' })]
    const { exitCode, printed, cancelled } = await shown(views, { stopAtFirstLook: true })
    expect([exitCode, cancelled]).toEqual([1, ['a']])
    expect(printed.at(-1)).toContain('cancelled after 20.0 s')
  })
})

describe('in words', () => {
  test('the progress line has the time and the last second', () => {
    expect(progressLine(viewOf({ live: liveOf() }))).toBe('[##########          ]  10 of 20 s   49.8/s   p50 7.25 ms   p99 498 ms   0 failed')
    expect(progressLine(viewOf({ live: liveOf({ atSeconds: 23, waiting: 12 }) }))).toContain('[####################]  20 of 20 s   49.8/s   p50 7.25 ms   p99 498 ms   0 failed   12 waiting')
    expect(progressLine(viewOf())).toBe('[                    ]  starting')
  })

  test('the result is a table, and whether the generator kept the pace', () => {
    expect(summaryText(finished())).toBe(`api GET /work/cpu?ms=5: 50/s, 20 s

                 DUE   SUCCEEDED   FAILED       P50       P90      P99     MAX
total, 50.0/s   1000        1000        0   7.25 ms   12.4 ms   498 ms   1.2 s

The generator kept the pace.
`)
  })

  test('each step is a line', () => {
    const steps = [{ ratePerSecond: 20, ...figuresOf({ due: 200 }) }, { ratePerSecond: 80, ...figuresOf({ due: 800 }) }]
    const summary = summaryOf({ steps })
    expect(summaryText(finished({ summary }))).toMatch(/\n20\/s +200 .*\n80\/s +800 .*\ntotal, 50.0\/s +1000 /)
  })

  test('failures are counted by kind', () => {
    const total = figuresOf({
      failed: 12,
      statuses: { '2xx': 988, '3xx': 0, '4xx': 0, '5xx': 5 },
      timeouts: 4,
      missedSends: 3,
      errorLatency: latencyOf({ p50Ms: 2 })
    })
    expect(summaryText(finished({ summary: summaryOf({ total }) }))).toContain(
      'Failed: 5 5xx, 4 timed out, 3 never sent. Refusals and errors took 2.00 ms (p50).'
    )
  })

  test('whether new connections were served in turn, if known, is printed before the generator', () => {
    const summary = summaryOf({ connections: connectionsOf({ text: 'New connections were served in turn.' }) })
    expect(summaryText(finished({ summary }))).toContain('1.2 s\n\nNew connections were served in turn.\nThe generator kept the pace.\n')
  })

  test('a load that failed says why', () => {
    expect(summaryText(viewOf({ state: 'failed', error: 'no such host' }))).toBe('The load failed: no such host.\n')
  })
})
