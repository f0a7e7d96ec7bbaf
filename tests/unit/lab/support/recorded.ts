import { readFileSync } from 'node:fs'
import type { Experiment } from '#lab/experiments/experiment.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import { verdictOf } from '#lab/experiments/judging/verdict.ts'
import type { Recording, RecordedContainer, RecordedSeries, Run, Verdict } from '#lab/wire/experiments.ts'

/** A run as it was on a real host: `GET /api/runs/{id}`, saved under tests/fixtures/runs. */
export interface RecordedRun<Facts> extends Omit<Run, 'recording' | 'facts'> {
  recording: Recording
  facts: Facts
}

export function recordedRun<Facts> (name: string): RecordedRun<Facts> {
  return JSON.parse(
    readFileSync(new URL(`../../../fixtures/runs/${name}.json`, import.meta.url), 'utf8')
  ) as RecordedRun<Facts>
}

/** The verdict of the experiment on a recorded run after `change`. */
export function judged<Facts> (
  experiment: Experiment<Facts>, run: RecordedRun<Facts>, change: (run: RecordedRun<Facts>) => void = () => {}
): Verdict {
  change(run)
  return verdictOf(experiment.judge(new Evidence(run.recording), run.facts))
}

export function containerOf (run: { recording: Recording }, service: string): RecordedContainer {
  return run.recording.containers.find(container => container.service === service)!
}

/** As on a kernel that does not report these. */
export function forget (run: { recording: Recording }, service: string, ...series: RecordedSeries[]): void {
  for (const name of series) containerOf(run, service).series[name].fill(null)
}

/** The claims that a verdict says do not hold. */
export function refuted ({ checks }: Verdict): string[] {
  return checks.filter(({ holds }) => holds === false).map(({ claim }) => claim)
}

/** As when the kernel kills once in a service near the end. */
export function killIn (run: { recording: Recording }, service: string): void {
  const { series } = containerOf(run, service)
  series.oomKill = series.oomKill.map((count, i, { length }) => i < length - LAST ? count : count! + 1)
}

/** As when a service is started again near the end: another cgroup, whose counts begin at 0. */
export function restart (run: { recording: Recording }, service: string): void {
  const { life, series } = containerOf(run, service)
  life.fill(1, -LAST)
  series.oomKill.fill(0, -LAST)
}

const LAST = 3
