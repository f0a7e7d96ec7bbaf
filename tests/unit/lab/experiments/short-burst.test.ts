import { expect, test } from '@jest/globals'
import { shortBurst } from '#lab/experiments/short-burst.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof shortBurst.judge>[1]
const run = (name = 'short-burst.v1'): RecordedRun<Facts> => recordedRun(name)

/** As if the kernel had not stopped the worker in the last `count` bursts. */
const unstopped = (count: number) => (run: RecordedRun<Facts>) => {
  const { atSeconds, series: { nrThrottled } } = containerOf(run, 'worker')
  const from = run.facts.bursts.at(-count)!.window[0]
  const before = atSeconds.findLastIndex(at => at <= from)
  nrThrottled.fill(nrThrottled[before]!, before)
}

test('bursts that are stopped though the average is low hold, and the verdict says how often', () => {
  const { outcome, checks, summary } = judged(shortBurst, run())
  expect(outcome).toBe('holds')
  expect(checks[1]).toMatchObject({
    source: 'worker: cpu.stat nr_throttled',
    saw: '5 of 5 bursts (+7, +7, +6, +7, +7)',
    holds: true
  })
  expect(summary).toBe(
    'On average the worker used 0.13 CPU of 0.50 CPU, and the kernel stopped it in 5 of 5 bursts (+7, +7, +6, +7, +7).'
  )
})

test('a worker without a limit does not hold: no burst is stopped', () => {
  const verdict = judged(shortBurst, run('short-burst.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual(['the kernel stops it in at least 4 of 5 bursts'])
  expect(verdict.summary).toContain('CPU of max, and the kernel stopped it in 0 of 5 bursts')
})

test.each([[1, 'holds'], [2, 'does_not_hold']])('with %d of 5 bursts that were not stopped: %s', (count, outcome) => {
  expect(judged(shortBurst, run(), unstopped(count)).outcome).toBe(outcome)
})

test('bursts that were not stopped because the machine did not even give them their quota show nothing', () => {
  const { outcome, checks } = judged(shortBurst, run(), run => {
    unstopped(2)(run)
    for (const { job } of run.facts.bursts.slice(-2)) job.usage!.wallMs = 2000
  })
  expect(outcome).toBe('not_measured')
  expect(checks[1]).toMatchObject({ holds: null, saw: '3 of 5 bursts (+7, +7, +6, +0, +0)' })
})

test('an average above half of the quota does not hold: there is nothing surprising in it', () => {
  const verdict = judged(shortBurst, run(), run => {
    containerOf(run, 'worker').limits.cpuMax = { quotaUs: 20_000, periodUs: 100_000 }
  })
  expect(refuted(verdict)).toEqual(['on average the worker uses at most 50 % of its quota'])
})

test.each([
  [
    'a job that failed',
    'job 3 succeeds',
    (run: RecordedRun<Facts>) => {
      Object.assign(run.facts.bursts[2]!.job, {
        status: 'failed',
        usage: null,
        error: { code: 'worker_lost', message: '' }
      })
    }
  ],
  [
    'a restart',
    'worker is not restarted',
    (run: RecordedRun<Facts>) => {
      containerOf(run, 'worker').life.fill(1, -1)
    }
  ]
])('%s does not hold', (_case, claim, change) => {
  expect(refuted(judged(shortBurst, run(), change))).toEqual([claim])
})

test.each([
  ['how often it stopped the worker', 'nrThrottled'],
  ['CPU time', 'cpuUsageUs']
] as const)('where the kernel does not report %s it is not measured', (_case, series) => {
  expect(judged(shortBurst, run(), run => forget(run, 'worker', series)).outcome).toBe('not_measured')
})
