/** What the lab says about sweeps: the JSON of /api/sweeps, and the stream's event `sweep`. */
import type { JobRequest } from '#shared/jobs/job.ts'
import type { LimitValue } from '#shared/limits/change.ts'
import type { Check } from './experiments.ts'
import type { LoadSpec } from './load.ts'

export type { LimitValue } from '#shared/limits/change.ts'

/** A search for the smallest limits that meet a goal: the body of POST /api/sweeps, with its defaults. */
export interface SweepSpec {
  /** Whose limits are searched for. */
  service: LoadSpec['service']
  /** Only in another project, as for a load. */
  port?: LoadSpec['port']
  work: SweepWork
  /** Requests or jobs that are due every second. */
  ratePerSecond: number
  goal: SweepGoal
  /** What is recommended on top of the smallest limits: 0.2 is a fifth more. */
  marginShare: number
  /** Which limit is searched for; `null`: that of CPU, then that of memory. The other stays as it is. */
  only: Search | null
}

/** What the service has to do during a trial. */
export type SweepWork =
  | { kind: 'requests', method: LoadSpec['method'], path: string, body?: unknown }
  | { kind: 'jobs', job: JobRequest }

/** A trial passes if all of this is kept. */
export interface SweepGoal {
  /** Of a request: until it was answered. Of a job: until it ended, its wait included. */
  p99Ms: number
  maxFailedShare: number
  /** The share of time in which some task may wait for memory (PSI). Not judged where the kernel has no PSI. */
  maxPressureShare: number
}

export interface SweptLimits {
  cpus: LimitValue
  memoryBytes: LimitValue
  pids: LimitValue
}

/**
 * - `baseline`: with all CPUs of the machine, to see what the work takes
 * - `cpus`, `memory`: the search for the smallest limit of either
 * - `confirmation`: all recommended limits together
 */
export type TrialPurpose = 'baseline' | 'cpus' | 'memory' | 'confirmation'

/** What a search is for. */
export type Search = Extract<TrialPurpose, 'cpus' | 'memory'>

/** `not_measured`: something other than the limit was the bottleneck, so the trial says nothing about the limit. */
export type TrialOutcome = 'passed' | 'failed' | 'not_measured'

export interface Trial {
  /** From 1. */
  number: number
  purpose: TrialPurpose
  limits: SweptLimits
  outcome: TrialOutcome
  /** What was judged, with the kernel's evidence. */
  checks: Check[]
  /** `null`: the limits could not be set, or the service did not come to rest before. */
  figures: TrialFigures | null
}

/** What was seen in the judged part of a trial. `null`: not measured here. */
export interface TrialFigures {
  /** From when the first of the work was due until the last of it had ended. */
  seconds: number
  due: number
  failed: number
  p50Ms: number | null
  p99Ms: number | null
  /** Of the two halves of the time. If the second is far higher, the queue grew. */
  halvesP50Ms: [number | null, number | null]
  /** CPUs in use. */
  cores: number | null
  /** CPUs that everything else on the machine used. */
  otherCores: number | null
  throttledShare: number | null
  /** The highest that was read. */
  peakBytes: number | null
  /** The highest that was read of what the kernel cannot take back without swap. */
  anonPeakBytes: number | null
  pidsPeak: number | null
  oomKills: number | null
  restarts: number
  /** How often memory reached its limit and was reclaimed. */
  memoryLimitHits: number | null
  /** Pages that were reclaimed and had to be read again. */
  refaults: number | null
  /** The share of time in which some task waited for memory. */
  memoryPressureShare: number | null
  /** How often a task could not be started. */
  pidsLimitHits: number | null
}

/** What happens in the trial that is running. */
export type TrialStep = 'setting_limits' | 'coming_to_rest' | 'warming_up' | 'judging'

export interface RunningTrial {
  number: number
  purpose: TrialPurpose
  limits: SweptLimits
  step: TrialStep
}

export type SweepState = 'running' | 'finished' | 'cancelled' | 'failed' | 'interrupted'

/** GET /api/sweeps/{id}, and the stream's event `sweep`. */
export interface SweepView {
  id: string
  state: SweepState
  spec: SweepSpec
  startedAt: string
  /** On the clock of `Sample.uptimeSeconds`. */
  startedUptimeSeconds: number
  finishedAt: string | null
  machine: { cpus: number, memoryBytes: number }
  /** The limits when it began, which it leaves as they were. */
  before: SweptLimits
  /** About how long it takes, as estimated at the start, and from now on. */
  plannedSeconds: number
  remainingSeconds: number
  current: RunningTrial | null
  /** Without a broker: what somebody has to type before it goes on, and after its end. */
  toType: string | null
  /** Oldest first. */
  trials: Trial[]
  result: SweepResult | null
  /** Why it failed. */
  error: string | null
}

/**
 * - `recommended`: the confirming trial met the goal
 * - `not_confirmed`: it did not, so the recommendation is not one to rely on
 * - `goal_not_met`: no limit up to the machine's meets the goal
 * - `not_measured`: something other than the limits was the bottleneck
 */
export type SweepOutcome = 'recommended' | 'not_confirmed' | 'goal_not_met' | 'not_measured'

export interface SweepResult {
  outcome: SweepOutcome
  /** For people, in a sentence or two. */
  summary: string
  /** Between which limits the goal begins to be met. */
  knees: { cpus: Knee | null, memoryBytes: Knee | null }
  /** With the margin. `null`: there is nothing to recommend. */
  recommended: SweptLimits | null
  /** The same for a service in compose.yaml, and for a container in Kubernetes. */
  compose: string | null
  kubernetes: string | null
  /** Which limit is reached first if there is more to do. */
  givesWayFirst: string | null
  /** What the result does not say. */
  notes: string[]
}

export interface Knee {
  /** The smallest limit that met the goal. */
  passed: number
  /** The largest that did not; `null`: none was found that did not. */
  failed: number | null
}
