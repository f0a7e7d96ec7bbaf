/** What the lab tells about experiments and their runs: the JSON of /api/experiments and /api/runs. Types only. */
import type { CgroupVersion, EffectiveLimits, Limits } from '#cgroup/reading.ts'
import type { LabEvent } from './live.ts'

/** What an experiment is about. */
export type ExperimentTopic = 'memory' | 'cpu' | 'isolation' | 'resilience'

/** An experiment, as a learner gets to see it before the run. */
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
  /** The counters that matter, for the charts beside the run. */
  watches: Array<{ service: string, series: RecordedSeries[] }>
  /** For who saw something else: what may be the reason. */
  ifYouSawSomethingElse: string[]
}

/**
 * `not_measured`: what was read does not suffice to say either.
 * `not_here`: what it is about does not exist where the stack runs; nothing was tried.
 */
export type Outcome = 'holds' | 'does_not_hold' | 'not_measured' | 'not_here'

/** One thing that must be so, and what the kernel says about it. */
export interface Check {
  claim: string
  /** The file, and the key in it: `worker: memory.events oom_kill`. */
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

/** `interrupted`: the lab went away under it. */
export type RunState = 'running' | 'finished' | 'cancelled' | 'failed' | 'interrupted'

export interface RunView {
  id: string
  experiment: string
  state: RunState
  /** `null` before the first and after the last. */
  phase: Phase | null
  /** What was done, as it was done. */
  steps: Array<{ atSeconds: number, text: string }>
  startedAt: string
  /** On the clock of `Sample.uptimeSeconds`, while it runs; `null`: the recording tells how long it took. */
  startedUptimeSeconds: number | null
  finishedAt: string | null
  /** The id of a choice; `null`: none was made. */
  prediction: string | null
  /** The choice that the experiment's claim is; not told before the end. */
  answer: string | null
  verdict: Verdict | null
  /** Why it failed. */
  error: string | null
}

/** A run with all that was read during it: whoever has it can judge again. */
export interface Run extends RunView {
  recording: Recording | null
  /** What the experiment itself measured. */
  facts: unknown
}

/** Totals since the container started, except the `…Bytes` and `pids`, which are levels. */
export const recordedSeries = ['cpuUsageUs', 'nrPeriods', 'nrThrottled', 'throttledUs', 'memoryBytes', 'peakBytes', 'workingSetBytes', 'anonBytes',
  'fileBytes', 'shmemBytes', 'inactiveFileBytes', 'oomKill', 'memoryLimitHits', 'pids', 'pidsLimitHits', 'cpuSomeUs'] as const
export type RecordedSeries = typeof recordedSeries[number]

export interface Recording {
  cgroupVersion: CgroupVersion
  phases: Array<{ name: Phase, fromSeconds: number, toSeconds: number }>
  containers: RecordedContainer[]
  /** What happened to the containers meanwhile. */
  events: RecordedEvent[]
  /** Asked about once a second: does it answer? */
  health: Array<{ atSeconds: number, down: string[] }>
}

export interface RecordedEvent extends LabEvent {
  /** Since the start of the run, as below; missing in recordings of before this was kept. */
  atSeconds?: number
}

/** Columns, one entry a sample. A sample at which the container was away is not in it. */
export interface RecordedContainer {
  service: string
  name: string
  limits: Limits
  effective: EffectiveLimits | null
  /** Seconds since the start of the run, on a clock that is never set. */
  atSeconds: number[]
  /** The inode of its cgroup: another one is another life, whose totals begin at 0. */
  life: number[]
  series: Record<RecordedSeries, Array<number | null>>
}
