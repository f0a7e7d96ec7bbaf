import { expect, test } from '@jest/globals'
import {
  checkOutcome, checkWords, comparison, elapsedWords, endingWords, exportName, latestOf, predictionResult, runStatus,
  runStatusWords, secondsSince, secondsTaken, tallyWords
} from '#lab/web/experiments/run-words.ts'
import { judged, momentOf, recordedRun, run } from '../support/runs.ts'

const choices = [{ id: 'killed', text: 'It is killed.' }, { id: 'slow', text: 'It gets slow.' }]

test.each([
  [null, 'never', 'never run'],
  [run(), 'running', 'running'],
  [judged('holds'), 'holds', 'holds'],
  [judged('does_not_hold'), 'does_not_hold', 'does not hold'],
  [judged('not_measured'), 'not_measured', 'not measured'],
  [run({ state: 'cancelled' }), 'ended_early', 'cancelled'],
  [run({ state: 'interrupted' }), 'ended_early', 'interrupted'],
  [run({ state: 'failed' }), 'ended_early', 'failed']
] as const)('a run %j has the status %s, in words: %s', (one, status, words) => {
  expect([runStatus(one), runStatusWords(one)]).toEqual([status, words])
})

test.each([
  [true, 'holds', 'holds'],
  [false, 'does_not_hold', 'does not hold'],
  [null, 'not_measured', 'not measured']
] as const)('a check with holds %p is %s', (holds, outcome, words) => {
  expect([checkOutcome({ holds }), checkWords({ holds })]).toEqual([outcome, words])
})

test('the newest run with a verdict represents its experiment, whatever was cancelled after it', () => {
  const held = judged('holds', { id: 'old' })
  expect(
    latestOf([run({ id: 'new', state: 'cancelled' }), held, judged('does_not_hold', { id: 'older' })], 'memory-limit')
  ).toBe(held)
})

test('a running run represents its experiment, and no other', () => {
  expect(latestOf([judged('holds', { id: 'b' }), run({ id: 'a' })], 'memory-limit')?.id).toBe('a')
  expect(latestOf([judged('holds', { experiment: 'cpu-limit' })], 'memory-limit')).toBeNull()
})

test('without any verdict the newest run represents its experiment', () => {
  expect(latestOf([run({ id: 'b', state: 'failed' }), run({ id: 'a', state: 'cancelled' })], 'memory-limit')?.id).toBe(
    'b'
  )
})

test('the tally names only the outcomes that occur', () => {
  expect(tallyWords(['holds', 'holds', 'never'])).toBe('2 of 3 hold, 1 never run')
  expect(tallyWords(['does_not_hold', 'not_measured', 'running'])).toBe('0 of 3 hold, 1 does not, 1 not measured')
})

test.each([
  ['killed', 'holds', 'right'],
  ['slow', 'holds', 'wrong'],
  ['slow', 'does_not_hold', 'open'],
  ['killed', 'not_measured', 'open'],
  [null, 'holds', 'none']
] as const)('the prediction %p of a claim that %s is %s', (prediction, outcome, result) => {
  expect(predictionResult(judged(outcome, { prediction }))).toBe(result)
})

test('a prediction that was right is shown once', () => {
  expect(comparison({ choices }, judged('holds', { prediction: 'killed' }))).toEqual([
    { term: 'You predicted what happened', text: 'It is killed.' }
  ])
})

test('another prediction is shown beside what happened', () => {
  expect(comparison({ choices }, judged('holds', { prediction: 'slow' })).map(({ text }) => text)).toEqual([
    'It gets slow.',
    'It is killed.'
  ])
})

test('a claim that does not hold is not said to have happened', () => {
  expect(JSON.stringify(comparison({ choices }, judged('does_not_hold', { prediction: 'killed' })))).not.toContain(
    'happened'
  )
})

test('a run without a verdict does not give the answer away', () => {
  expect(comparison({ choices }, run({ state: 'cancelled', answer: 'killed', prediction: 'slow' }))).toEqual([])
})

test('the reason why there is no verdict is shown', () => {
  expect(endingWords(run({ state: 'failed', error: 'the API went away' }))).toBe('It failed: the API went away.')
  expect(endingWords(run({ state: 'cancelled' }))).toContain('put back')
})

test('time is measured by the lab’s clock, and never runs backwards', () => {
  expect(secondsSince(run(), momentOf(3.25))).toBe(3.25)
  expect(secondsSince(run(), momentOf(-0.25))).toBe(0)
  expect(secondsSince(run(), null)).toBe(0)
})

test('case 11: the time of a running run is right, although the host’s clock was set back meanwhile', () => {
  expect(secondsSince(run(), { ...momentOf(3.25), at: '2026-11-22T08:50:03.250Z' })).toBe(3.25)
})

test('case 11: a run took as long as its recording, although the host’s clock was set meanwhile', () => {
  const { recording, ...view } = recordedRun('memory-limit.v1')
  const setForward = { ...view, finishedAt: new Date(Date.parse(view.startedAt) + 612_000).toISOString() }
  expect(secondsTaken(setForward, recording)).toBe(recording.phases.at(-1)!.toSeconds)
})

test('without a recording the times of a run say how long it took; without an end that is not known', () => {
  expect(secondsTaken(judged('holds'), null)).toBe(5)
  expect(secondsTaken(run({ state: 'interrupted' }), null)).toBeNull()
})

test('a run that takes much longer than usual is said to', () => {
  expect(elapsedWords(3.9, 8)).toBe('3 s of about 8 s')
  expect(elapsedWords(13, 8)).toBe('13 s of about 8 s; it takes longer than usual')
})

test('an export is named by experiment and moment, without colons', () => {
  expect(exportName(run())).toBe('memory-limit-2026-11-22T09-00-00Z.json')
})
