import { expect, test } from '@jest/globals'
import { plain } from '#lab/format.ts'
import {
  currentWords, endingWords, evidenceWords, minutes, progressShare, progressWords, resultRows, stateWords, timesOf,
  trialColumns, workWords
} from '#lab/web/sweep/sweep-words.ts'
import type { Check } from '#lab/wire/experiments.ts'
import { figuresOf, requestSpec, sweepOf, trialOf } from '../../support/trials.ts'
import { MIB, result } from '../support/sweeps.ts'

const check = (claim: string, holds: boolean | null): Check => ({ claim, source: 'api: cpu.stat', saw: '1', holds })

test('work is named by its service, what is asked, and the rate', () => {
  expect(workWords(requestSpec)).toBe('api /work/cpu?ms=5 at 40/s')
  const job = { kind: 'memory' as const, params: { mib: 64, holdMs: 200, heap: false } }
  expect(workWords({ ...requestSpec, service: 'worker', work: { kind: 'jobs', job }, ratePerSecond: 1 }))
    .toBe('worker memory {"mib":64,"holdMs":200,"heap":false} at 1/s')
})

test('the trial that is running is named with its limits and its step', () => {
  const limits = { cpus: 0.275, memoryBytes: 256 * MIB, pids: 128 }
  const current = { number: 6, purpose: 'cpus' as const, limits, step: 'judging' as const }
  expect(plain(currentWords(sweepOf({ current })))).toBe('Trial 6: 0.275 CPUs, 256 MiB, 128 tasks; judging.')
})

test('the time goes on between two reports', () => {
  const times = timesOf(sweepOf({ startedUptimeSeconds: 100, remainingSeconds: 120 }), 160, 165)
  expect(times).toEqual({ passedSeconds: 65, remainingSeconds: 115 })
  expect(plain(progressWords(times))).toBe('1:05 min passed, about 1:55 min to come')
  expect(progressShare(times)).toBeCloseTo(65 / 180)
})

test.each([[59.4, '59 s'], [59.6, '1:00 min'], [125, '2:05 min']])('%p seconds are %p', (seconds, words) => {
  expect(plain(minutes(seconds))).toBe(words)
})

test('a trial that failed says which checks were not kept, and not which could not be measured', () => {
  const checks = [check('p99 is low', false), check('nobody waits', null), check('no process is killed', true)]
  expect(evidenceWords(trialOf({ outcome: 'failed', checks }))).toBe('p99 is low: 1')
  expect(evidenceWords(trialOf({ outcome: 'not_measured', checks: checks.slice(1) }))).toBe('nobody waits: 1')
  expect(evidenceWords(trialOf({ checks: checks.slice(2) }))).toBe('passed: 1 checks')
})

test('a trial without figures has limits, and nothing that looks like a zero', () => {
  const texts = trialColumns.slice(2).map(({ text }) => text(trialOf({ figures: null })))
  expect(new Set(texts)).toEqual(new Set(['–']))
})

test('what was not measured in a trial is no zero', () => {
  const figures = figuresOf({ memoryPressureShare: null, memoryLimitHits: null, oomKills: null, refaults: 12 })
  const of = (title: string) => trialColumns.find(column => column.title === title)!.text(trialOf({ figures }))
  expect(['Pressure', 'Limit hits', 'Kills', 'Refaults'].map(of)).toEqual(['–', '–', '–', '+12'])
})

test('a cancelled sweep says that the limits are as before', () => {
  const sweep = sweepOf({ state: 'cancelled' })
  expect(stateWords(sweep)).toBe('cancelled')
  expect(plain(endingWords(sweep)))
    .toBe('It was cancelled, and recommends nothing. The limits are 0.5 CPUs, 256 MiB, 128 tasks, as before.')
})

test('without a broker an ended sweep does not say that the limits are as before until somebody has typed it', () => {
  expect(endingWords(sweepOf({ state: 'cancelled', toType: 'docker update' }))).not.toMatch(/as before/)
})

test('a failed sweep says why', () => {
  expect(endingWords(sweepOf({ state: 'failed', error: 'the broker does not answer' })))
    .toMatch(/^It failed: the broker does not answer\./)
})

test('each limit goes from what it was to what is recommended; what was not found is no zero', () => {
  const rows = resultRows(sweepOf({ state: 'finished', result }))
  expect(rows.map(row => Object.values(row).map(plain))).toEqual([
    ['CPUs', '0.5', '0.27', '0.295', '0.36'],
    ['Memory', '256 MiB', '–', '86 MiB', '104 MiB'],
    ['Tasks', '128', '–', '–', '21']
  ])
  expect(resultRows(sweepOf({ result: { ...result, recommended: null } }))).toEqual([])
})
