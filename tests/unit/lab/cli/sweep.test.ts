import { describe, expect, test } from '@jest/globals'
import { UsageError } from '#lab/cli/command.ts'
import { readSweepOptions, sweep } from '#lab/cli/sweep.ts'
import { progressLine, resultText, trialText } from '#lab/cli/sweep-text.ts'
import type { SweepResult, SweepView } from '#lab/wire/sweep.ts'
import { figuresOf, sweepOf, trialOf } from '../support/trials.ts'

const result: SweepResult = {
  outcome: 'recommended',
  summary: 'So it is.',
  knees: { cpus: { passed: 0.251, failed: 0.24 }, memoryBytes: null },
  recommended: { cpus: 0.31, memoryBytes: 89128960, pids: 19 },
  compose: 'services:\n',
  kubernetes: 'resources:\n',
  givesWayFirst: 'CPU.',
  notes: ['On another machine run it again.']
}

describe('the options of lab sweep', () => {
  test('ask for requests, with a goal in parts', () => {
    const goal = ['--p99', '250ms', '--max-failed', '0.1%']
    expect(readSweepOptions(['--path', '/', '--rate', '40', ...goal, '--margin', '30%', '--json'])).toEqual({
      request: { path: '/', ratePerSecond: 40, marginShare: 0.3, goal: { p99Ms: 250, maxFailedShare: 0.001 } },
      json: true
    })
  })

  test('ask for requests to a service of another project', () => {
    expect(readSweepOptions(['http://web:8000/search?q=x', '--rate', '20']).request)
      .toEqual({ service: 'web', port: 8000, path: '/search?q=x', ratePerSecond: 20, goal: {} })
  })

  test('ask for jobs', () => {
    expect(readSweepOptions(['--job', 'memory', '--params', '{"mib": 64}', '--rate', '2', '--only', 'memory']).request)
      .toEqual({ job: { kind: 'memory', params: { mib: 64 } }, ratePerSecond: 2, only: 'memory', goal: {} })
  })

  test.each([
    [['--path', '/']], [['--rate', '4']], [['http://web/', '--path', '/', '--rate', '4']], [['web', '--rate', '4']], [['--path', '/', '--job', 'noop', '--rate', '4']],
    [['--path', '/', '--rate', '4', '--margin', '0.2']], [['--path', '/', '--rate', '4', '--params', '{}']]
  ])('%j are wrong usage', args => {
    expect(() => readSweepOptions(args)).toThrow(UsageError)
  })
})

/** A lab in which each look shows the next of these. */
async function swept (views: SweepView[], { json = false, abort = false } = {}) {
  const printed: string[] = []
  const cancelled: string[] = []
  const stopping = new AbortController()
  let looks = 0
  const api = {
    start: async () => views[0]!,
    look: async () => views[Math.min(++looks, views.length - 1)]!,
    cancel: async (id: string) => { cancelled.push(id) }
  }
  const going = sweep(api, json, { isTerminal: false, print: text => printed.push(text) }, stopping.signal)
  if (abort) {
    await new Promise(setImmediate)
    stopping.abort()
  }
  return { code: await going, text: printed.join(''), cancelled }
}

describe('lab sweep', () => {
  test('prints each trial once, then the result, and what the limits are', async () => {
    const trials = [trialOf(), trialOf({ number: 2 })]
    const { code, text } = await swept([
      sweepOf(), sweepOf({ trials: trials.slice(0, 1) }), sweepOf({ trials, state: 'finished', result })
    ])
    expect(code).toBe(0)
    expect(text.match(/^[12] {6}CPU/gm)).toHaveLength(2)
    expect(text).toMatch('recommended: So it is.')
    expect(text.endsWith('The limits are 0.5 CPU, 256 MiB, 128 tasks again.\n')).toBe(true)
  })

  test.each([
    ['a goal that was not met', { state: 'finished', result: { ...result, outcome: 'goal_not_met' } }],
    ['a sweep that failed', { state: 'failed', error: 'the broker is away' }]
  ] as const)('exits with 1 for %s', async (_case, ending) => {
    expect((await swept([sweepOf(), sweepOf(ending)])).code).toBe(1)
  })

  test('cancels the sweep at Ctrl-C, and waits for its end', async () => {
    const { cancelled, text } = await swept([sweepOf(), sweepOf(), sweepOf({ state: 'cancelled' })], { abort: true })
    expect(cancelled).toEqual(['a'])
    expect(text).toMatch('The sweep was cancelled. The limits are 0.5 CPU, 256 MiB, 128 tasks, as before.')
  })

  test('prints what has to be typed, once for each line', async () => {
    const toType = 'docker update --cpus 1 x'
    const { text } = await swept([sweepOf({ toType }), sweepOf({ toType }), sweepOf({ state: 'finished', result })])
    expect(text.match(/docker update/g)).toHaveLength(1)
  })

  test('prints nothing but JSON if asked to', async () => {
    const { text } = await swept([sweepOf(), sweepOf({ state: 'finished', result })], { json: true })
    expect(JSON.parse(text)).toMatchObject({ state: 'finished' })
  })
})

describe('the text of a sweep', () => {
  test('of a trial that failed names what was not kept, and where that was read', () => {
    const checks = [{ claim: 'no process is killed', source: 'api: memory.events oom_kill', saw: '+1', holds: false }]
    expect(trialText(trialOf({ outcome: 'failed', checks })))
      .toMatch('✗ no process is killed: +1 (api: memory.events oom_kill)')
  })

  test('of a trial has – for what was not measured', () => {
    expect(trialText(trialOf({ figures: figuresOf({ throttledShare: null, oomKills: null }) }))).toMatch(/–.*–/)
    expect(trialText(trialOf({ figures: null, outcome: 'not_measured' }))).toMatch(/–.*not measured/)
  })

  test('of its progress has the trial and the time that is left', () => {
    const current = { number: 5, purpose: 'cpus', limits: trialOf().limits, step: 'judging' } as const
    const view = sweepOf({ current, remainingSeconds: 100 })
    expect(progressLine(view, Date.parse(view.startedAt) + 100_000))
      .toBe('[##########          ]  trial 5, judging   about 1:40 min left')
  })

  test('of its result has the knee and the lines to copy', () => {
    const text = resultText(sweepOf({ state: 'finished', result }))
    expect(text).toMatch('The least CPU that passed is 0.251, and 0.24 failed.')
    expect(text).toMatch('compose.yaml:\nservices:\n')
  })
})
