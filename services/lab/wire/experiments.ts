/** What the lab sends about experiments and their runs: the JSON of /api/experiments and /api/runs. */
import type { CgroupVersion, EffectiveLimits, Limits } from '#cgroup/reading.ts'
import type { LabEvent } from './live.ts'

/** What an experiment is about. */
export type ExperimentTopic = 'memory' | 'cpu' | 'isolation' | 'resilience'

/** An experiment, as a learner sees it before the run. */
export interface ExperimentView {
  id: string
  topic: ExperimentTopic
  title: string
  question: string
  choices: Array<{ id: string, text: string }>
  /** What the run is going to do. */
  does: string
  /** About how long it takes. */
  seconds: number
  /** The counters that matter, for the charts of the run. */
  watches: Array<{ service: string, series: RecordedSeries[] }>
  /** What may be the reason if something else was seen. */
  ifYouSawSomethingElse: string[]
}

/**
 * - `not_measured`: the readings do not suffice to say either
 * - `not_here`: what the claim needs does not exist where the stack runs, and nothing was tried
 */
export type Outcome = 'holds' | 'does_not_hold' | 'not_measured' | 'not_here'

/** One thing that must be true, and what the kernel says about it. */
export interface Check {
  claim: string
  /** The service, the file and the key in it: `worker: memory.events oom_kill`. */
  source: string
  saw: string
  /** `null`: not measured. */
  holds: boolean | null
}

export interface Verdict {
  outcome: Outcome
  summary: string
  checks: Check[]
}

export const phases = ['baseline', 'action', 'recovery'] as const
export type Phase = typeof phases[number]

/** `interrupted`: the lab stopped during the run. */
export type RunState = 'running' | 'finished' | 'cancelled' | 'failed' | 'interrupted'

export interface RunView {
  id: string
  experiment: string
  state: RunState
  /** `null` before the first phase and after the last. */
  phase: Phase | null
  /** What was done, and when. */
  steps: Array<{ atSeconds: number, text: string }>
  startedAt: string
  /** On the clock of `Sample.uptimeSeconds`. `null` after the end: the recording says how long the run took. */
  startedUptimeSeconds: number | null
  finishedAt: string | null
  /** The id of a choice. `null`: there was no prediction. */
  prediction: string | null
  /** The id of the choice that the experiment claims to be true. `null` before the end. */
  answer: string | null
  verdict: Verdict | null
  /** Why the run failed. */
  error: string | null
}

/** A run with all its readings: enough to judge it again. */
export interface Run extends RunView {
  recording: Recording | null
  /** What the experiment itself measured. */
  facts: unknown
}

/** Totals since the container started, except the `…Bytes` and `pids`, which are levels. */
export const recordedSeries = [
  'cpuUsageUs', 'nrPeriods', 'nrThrottled', 'throttledUs', 'memoryBytes', 'peakBytes', 'workingSetBytes', 'anonBytes',
  'fileBytes', 'shmemBytes', 'inactiveFileBytes', 'oomKill', 'memoryLimitHits', 'pids', 'pidsLimitHits', 'cpuSomeUs'
] as const
export type RecordedSeries = typeof recordedSeries[number]

export interface Recording {
  cgroupVersion: CgroupVersion
  phases: Array<{ name: Phase, fromSeconds: number, toSeconds: number }>
  containers: RecordedContainer[]
  /** What happened to the containers during the run. */
  events: RecordedEvent[]
  /** Which services did not answer, asked about once a second. */
  health: Array<{ atSeconds: number, down: string[] }>
}

export interface RecordedEvent extends LabEvent {
  /** Since the start of the run, as below. Older recordings lack it. */
  atSeconds?: number
}

/** Columns with one entry for each sample at which the container was there. */
export interface RecordedContainer {
  service: string
  name: string
  limits: Limits
  effective: EffectiveLimits | null
  /** Seconds since the start of the run, on a clock that is never set. */
  atSeconds: number[]
  /** The inode of its cgroup. Another inode is another life, whose totals begin at 0. */
  life: number[]
  series: Record<RecordedSeries, Array<number | null>>
}
