import { expect, test } from '@jest/globals'
import { healthCheckCost } from '#lab/experiments/health-check-cost.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof healthCheckCost.judge>[1]
const run = (name = 'health-check-cost.v1'): RecordedRun<Facts> => recordedRun(name)

test('a probe with Node that takes many times the CPU, and memory for a runtime, holds', () => {
  const { outcome, summary, checks } = judged(healthCheckCost, run())
  expect(outcome).toBe('holds')
  expect(summary).toMatch(
    /^A probe with Node took \d+ ms of CPU and \d+ MiB of memory; with bash [\d.]+ ms and -?\d+ MiB\.$/
  )
  expect(checks.map(({ source }) => source)).toContain('worker: cpuacct.usage, around each row of probes')
})

test('a script that starts Node too does not hold', () => {
  const verdict = judged(healthCheckCost, run('health-check-cost.both-node.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual(['Node takes at least 10 times the CPU'])
})

test('a runtime that takes no memory does not hold', () => {
  const verdict = judged(healthCheckCost, run(), run => { containerOf(run, 'worker').series.memoryBytes.fill(2 ** 26) })
  expect(refuted(verdict)).toEqual(['Node takes at least 10 MiB of memory while it runs'])
})

test('a worker that was restarted meanwhile does not hold', () => {
  expect(
    refuted(
      judged(healthCheckCost, run(), run => {
        containerOf(run, 'worker').life.fill(1, -3)
      })
    )
  ).toEqual(['worker is not restarted'])
})

test.each<[string, (run: RecordedRun<Facts>) => void]>([
  ['a probe that was not answered', ({ facts }) => { facts.bash.answered-- }],
  ['a kernel that does not count CPU time', ({ facts }) => { facts.node.cpuMs = null }],
  ['a clock too coarse for a probe', ({ facts }) => { facts.bash.cpuMs = 0 }],
  ['a kernel that does not count memory', run => forget(run, 'worker', 'memoryBytes')],
  ['no reading while Node ran', ({ facts }) => { facts.node.window = [0, 0] }]
])('with %s it is not measured', (_case, change) => {
  const verdict = judged(healthCheckCost, run(), change)
  expect([verdict.outcome, refuted(verdict)]).toEqual(['not_measured', []])
})
