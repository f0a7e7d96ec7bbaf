import { expect, test } from '@jest/globals'
import { limitLoweredBelowUse } from '#lab/experiments/limit-lowered-below-use.ts'
import { forget, judged, killIn, recordedRun, refuted, restart, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof limitLoweredBelowUse.judge>[1]
const run = (version: 'v1' | 'v2'): RecordedRun<Facts> => recordedRun(`limit-lowered-below-use.${version}`)

test('a limit that cgroup v1 refused holds, and the verdict has the reason', () => {
  const { outcome, summary, checks } = judged(limitLoweredBelowUse, run('v1'))
  expect([outcome, summary]).toEqual(['holds', 'On cgroup v1 the kernel refused the limit. The job succeeded.'])
  expect(checks[2]!.saw).toMatch(/^unable to set memory limit to 134217728 \(current usage: \d+, peak usage: \d+\)$/)
})

test('a limit for which cgroup v2 killed holds, and the verdict says how many', () => {
  const { outcome, summary } = judged(limitLoweredBelowUse, run('v2'))
  expect(outcome).toBe('holds')
  expect(summary).toMatch(/^On cgroup v2 the kernel took the limit, and killed one process\. The job oom_killed\.$/)
})

test('a worker that was killed as well, and whose job ran again, holds', () => {
  const verdict = judged(limitLoweredBelowUse, run('v2'), ({ facts: { job } }) => {
    Object.assign(job, { status: 'succeeded', error: null, attempts: 2 })
  })
  expect(verdict.outcome).toBe('holds')
})

test.each<[string, 'v1' | 'v2', (run: RecordedRun<Facts>) => void, string]>([
  ['a limit that was lowered without a kill', 'v1', run => { run.facts.allTheSame = null }, 'asked all the same, the kernel kills in the worker'],
  ['a broker that did as it was asked at once', 'v2', run => { run.facts.withCare = null }, 'asked with care, the broker leaves the limit as it is'],
  ['a job that goes on with less', 'v2', run => { Object.assign(run.facts.job, { status: 'succeeded', error: null }) }, 'the job does not survive it'],
  ['a refusal that left another limit', 'v1', run => { run.facts.after = 134217728 }, 'the limit stays as it was'],
  ['a refusal with a kill', 'v1', run => killIn(run, 'worker'), 'no process is killed in the worker'],
  ['a neighbour that was restarted', 'v2', run => restart(run, 'redis'), 'no other service is restarted']
])('%s does not hold', (_case, version, change, claim) => {
  expect(refuted(judged(limitLoweredBelowUse, run(version), change))).toContain(claim)
})

test.each([['v1', 'anonBytes'], ['v2', 'anonBytes'], ['v2', 'oomKill']] as const)(
  'on %s without %s it is not measured', (version, series) => {
    const { outcome } = judged(limitLoweredBelowUse, run(version), run => forget(run, 'worker', series))
    expect(outcome).toBe('not_measured')
  })
