import { readFileSync } from 'node:fs'
import type { Recording, Run, RunView } from '#lab/wire/experiments.ts'
import type { SampleTime } from '#lab/wire/live.ts'

/** The lab's uptime when the run below began. */
const UPTIME = 100

/** The newest sample, `seconds` into that run. */
export function momentOf (seconds: number): SampleTime {
  return {
    at: new Date(Date.parse('2026-11-22T09:00:00.000Z') + seconds * 1000).toISOString(),
    seq: 1 + seconds * 4,
    uptimeSeconds: UPTIME + seconds
  }
}

/** A run that has just begun, with the changes that a test is about. */
export function run (changes: Partial<RunView> = {}): RunView {
  return {
    id: 'run-1',
    experiment: 'memory-limit',
    state: 'running',
    phase: null,
    steps: [],
    startedAt: '2026-11-22T09:00:00.000Z',
    startedUptimeSeconds: UPTIME,
    finishedAt: null,
    prediction: null,
    answer: null,
    verdict: null,
    error: null,
    ...changes
  }
}

/** A run that ended with a verdict. */
export function judged (outcome: 'holds' | 'does_not_hold' | 'not_measured', changes: Partial<RunView> = {}): RunView {
  return run({
    state: 'finished',
    finishedAt: '2026-11-22T09:00:05.000Z',
    answer: 'killed',
    verdict: { outcome, summary: 'It was seen.', checks: [] },
    ...changes
  })
}

/** A run as it was recorded on a real host. */
export function recordedRun (name: string): Run & { recording: Recording } {
  return JSON.parse(readFileSync(new URL(`../../../../fixtures/runs/${name}.json`, import.meta.url), 'utf8')) as Run & {
    recording: Recording
  }
}
