import { expect, test } from '@jest/globals'
import type { ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import { noisyNeighbour } from '#lab/experiments/noisy-neighbour.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof noisyNeighbour.judge>[1]
type Change = (run: RecordedRun<Facts>) => void
const run = (name = 'noisy-neighbour.v1'): RecordedRun<Facts> => recordedRun(name)

const setP99 = ({ summary }: ApiLoad, ms: number | null) => {
  summary.steps[0]!.latency.p99Ms = ms
  summary.total.latency.p99Ms = ms
}
const spoil = (load: ApiLoad) => { Object.assign(load.summary.generator, { keptPace: false, missedSends: 1 }) }
const slower = 'beside the hog, the API\'s p99 is less than 3 times its p99 alone'

test('an API that is as fast beside a hog that is held holds, and the verdict says how fast', () => {
  const { outcome, checks, summary } = judged(noisyNeighbour, run())
  expect(outcome).toBe('holds')
  expect(checks[0]).toMatchObject({ source: 'worker: cpuacct.usage, cpu.cfs_quota_us', saw: '0.50 CPU of 0.50 CPU' })
  expect(summary).toBe('While the worker used 0.50 CPU of 0.50 CPU, the API\'s p99 was 24 ms alone and 26 ms beside the hog, 1.1 times.')
})

test('a worker without a limit does not hold, even where its hog did not hurt', () => {
  const verdict = judged(noisyNeighbour, run('noisy-neighbour.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual(['the worker gets its quota of CPU time, and not more'])
})

test.each<[string, string, Change]>([
  ['an API that is three times slower beside the hog', slower, run => { for (const load of run.facts.beside) setP99(load, 100) }],
  ['a hog that gets more than its quota', 'the worker gets its quota of CPU time, and not more', run => {
    containerOf(run, 'worker').limits.cpuMax = { quotaUs: 30_000, periodUs: 100_000 }
  }],
  ['a request that failed', 'no request fails', run => { run.facts.beside[2]!.summary.total.failed = 1 }],
  ['a restart of the API', 'api is not restarted', run => { containerOf(run, 'api').life.fill(1, -1) }],
  ['a restart of the worker', 'worker is not restarted', run => { containerOf(run, 'worker').life.fill(1, -1) }]
])('%s does not hold', (_case, claim, change) => {
  expect(refuted(judged(noisyNeighbour, run(), change))).toEqual([claim])
})

test('one bad moment of the machine, beside the hog or alone, does not decide', () => {
  const { outcome, summary } = judged(noisyNeighbour, run(), run => setP99(run.facts.beside[0]!, 5000))
  expect(outcome).toBe('holds')
  expect(summary).not.toContain('5000')
})

test('loads that the generator spoiled are set aside, as long as half of each kind are left', () => {
  const spoilt = (count: number): Change => run => {
    for (const load of run.facts.beside.slice(0, count)) {
      setP99(load, 5000)
      spoil(load)
    }
  }
  expect(judged(noisyNeighbour, run(), spoilt(2)).outcome).toBe('holds')
  expect(judged(noisyNeighbour, run(), spoilt(3)).outcome).toBe('not_measured')
})

test.each<[string, Change]>([
  ['a hog that did not get its quota, beside an API that was slow', run => {
    containerOf(run, 'worker').limits.cpuMax = { quotaUs: 150_000, periodUs: 100_000 }
    for (const load of run.facts.beside) setP99(load, 500)
  }],
  ['a machine on which the load generator, too, waits for a CPU', run => {
    for (const load of run.facts.beside) {
      setP99(load, 417)
      load.summary.generator.lateness.p99Ms = 150
    }
  }],
  ['a load without a latency', run => setP99(run.facts.alone[0]!, null)],
  ['CPU time that the kernel does not report', run => forget(run, 'worker', 'cpuUsageUs')]
])('%s: not measured', (_case, change) => {
  expect(judged(noisyNeighbour, run(), change).outcome).toBe('not_measured')
})
