/**
 * What the lab sends a browser, a terminal or a script about the containers: the JSON of /api/containers, /api/history,
 * /api/whoami, and of all events of the stream except `run` and `load`. Numbers carry their unit in their name; `null`:
 * the kernel does not say, or it is not measured yet.
 */
import type { OomCause } from '#cgroup/oom-cause.ts'
import type { PeakFrom } from '#cgroup/peak.ts'
import type { Throttling } from '#cgroup/rates.ts'
import type { CgroupVersion, EffectiveLimits, Limits } from '#cgroup/reading.ts'
import type { Job, JobKind, JobRequest, JobStatus } from '#shared/jobs/job.ts'

/**
 * The state of a container in one word, the first that applies:
 * - `gone`: its cgroup does not exist (stopped, or removed)
 * - `restarting`: away for less than a few seconds, or back for less than that
 * - `oom_killed`: the kernel killed a process in it within the last few seconds
 * - `empty`: its cgroup exists, with no process in it
 * - `near_limit`: working set, or tasks, at 90 % of the effective limit or more
 * - `throttled`: it was throttled in the last second
 * - `calm`: none of these. Not "healthy": that is Docker's word for what a health check found, which no cgroup shows
 */
export type ContainerState = 'gone' | 'restarting' | 'oom_killed' | 'empty' | 'near_limit' | 'throttled' | 'calm'

/** One container at one moment: counters turned into rates over the last second. */
export interface ContainerView {
  /** 64 hex digits. A container has one entry, which is kept while it restarts. */
  id: string
  service: string
  /** `limits-lab-worker-2` */
  name: string
  number: number | null
  state: ContainerState
  limits: Limits
  effective: EffectiveLimits | null
  cpu: {
    usageSecondsTotal: number | null
    cores: number | null
    /** `cores` as a share of the effective limit. */
    shareOfLimit: number | null
    throttling: Throttling
    /** Throttled periods as a share of all periods. */
    throttledShare: number | null
    throttledSecondsPerSecond: number | null
    nrPeriodsTotal: number | null
    nrThrottledTotal: number | null
  }
  memory: {
    currentBytes: number | null
    peakBytes: number | null
    /** `samples`: the kernel keeps no peak, and this is the highest usage that was read. */
    peakFrom: PeakFrom | null
    workingSetBytes: number | null
    anonBytes: number | null
    fileBytes: number | null
    kernelBytes: number | null
    shmemBytes: number | null
    activeFileBytes: number | null
    inactiveFileBytes: number | null
    swapCurrentBytes: number | null
    /** `currentBytes` as a share of the effective limit. */
    shareOfLimit: number | null
    limitHitsTotal: number | null
  }
  pids: { current: number | null, peak: number | null, limitHitsTotal: number | null, shareOfLimit: number | null }
  /** The share of time in which some task waited, or all did. */
  pressure: Record<'cpu' | 'memory' | 'io', { someShare: number | null, fullShare: number | null } | null>
  /** For this name, since the lab started. A recreated container continues the counts of the one it replaces. */
  restarts: number
  oomKills: number
  firstSeenAt: string
}

/** When a sample was taken. */
export interface SampleTime {
  /** For people. The host's clock may be set, even back, so it shows neither order nor distance. */
  at: string
  /** Counts up by one per sample, from 1 in each life of the lab. A gap is a sample that this reader did not get. */
  seq: number
  /** Since the lab started, on a clock that is never set. */
  uptimeSeconds: number
}

/** All containers of one moment. */
export interface Sample extends SampleTime {
  containers: ContainerView[]
}

/**
 * Something that happened to a container, with the kernel's evidence in `text`. A kill is sent at once, and again when
 * its victim is known: an event with the `id` of an earlier one replaces it.
 */
export interface LabEvent {
  /** Rises from event to event within a life of the lab. */
  id: number
  at: string
  kind: 'oom_kill' | 'restarted' | 'appeared' | 'gone' | 'limits_changed'
  containerId: string
  service: string
  name: string
  /** For people: "killed by its own memory limit (oom +1): oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child". */
  text: string
  /** Only for `oom_kill`. */
  oom: OomKill | null
}

export interface OomKill {
  /** 0: no kill was counted, but there may have been one. */
  kills: number
  /** Whether the container's own limit was the reason, as far as the kernel counts that. */
  cause: OomCause
  peakBytes: number | null
  /** `samples`: the highest usage that was read before. */
  peakFrom: PeakFrom | null
  /** The container's own limit; where it has none, the smallest of those above it and of the host. */
  limitBytes: number | null
  /** `null`: not known yet. `unknown`: it will not be known. */
  victim: Victim | null
}

export type Victim = 'child' | 'pid1' | 'unknown'
/** A kill of which all is known that will be. */
export interface DecidedKill extends OomKill { victim: Victim }

/**
 * What containers of an engine have, and plain processes may lack. `cgroups`: the lab needs them to measure. `stack`:
 * the services of limits-lab, which are not there while the lab is attached to another project.
 */
export type Requirement = 'stack' | 'cgroups' | 'limits' | 'namespaces' | 'shm' | 'network' | 'image' | 'broker'

/** Sent once when a stream opens. */
export interface Hello {
  version: string
  /** Identifies this start of the lab. With a new one, `seq` and `uptimeSeconds` begin again. */
  life: string
  project: string
  /** `null`: the lab sees no cgroups, so nothing is measured. */
  cgroupVersion: CgroupVersion | null
  host: { cpus: number, memoryBytes: number }
  hz: number
  keptSeconds: number
  /** Where the lab is attached to another project: those that were found so far. */
  services: string[]
  /** What is missing here: `limits` where no cgroup may be written to, `cgroups` where the lab sees none, and so on. */
  missing: Requirement[]
  /** Events the lab still remembers, oldest first. */
  events: LabEvent[]
}

export type Reachability = 'up' | 'down'

/** Sent once a second: the queue and the services, as far as they answer. */
export interface JobsView {
  at: string
  services: Record<'api' | 'worker' | 'postgres' | 'redis', Reachability>
  /** `null`: not known at the moment. */
  queue: { waiting: number, active: number } | null
  latest: LatestJob[] | null
}

/** A job as JSON has it, with its times as text. */
export type LatestJob = Omit<Job, 'createdAt' | 'startedAt' | 'finishedAt'> & {
  status: JobStatus
  kind: JobKind
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

/** The body of POST /api/jobs, as the API accepts it. */
export type NewJob = JobRequest

/** How the sampler itself keeps up. */
export interface SamplerView {
  hz: number
  samplesTotal: number
  missedTotal: number
  /** How late the last sample was. */
  driftMs: number
  containers: number
  strangers: number
}

/** Limits that were in force from a moment on: Unix time in seconds. */
export interface LimitStep { at: number, effective: EffectiveLimits }

/** GET /api/history, in columns instead of rows. `null`: the container was gone. */
export interface History {
  /** The newest sample in the history; `null`: there is none. */
  newest: SampleTime | null
  /**
   * Unix time in seconds, one for each column entry, ascending. Each is the host's time now, less the entry's age.
   */
  at: number[]
  containers: Array<{
    id: string
    service: string
    name: string
    series: Record<HistorySeries, Array<number | null>>
    /** The newest limits. */
    effective: EffectiveLimits | null
    /** Those of all times, oldest first: the last 100 changes at most. */
    limitSteps: LimitStep[]
  }>
}

export const historySeries = [
  'cpuCores',
  'throttledShare',
  'memoryBytes',
  'workingSetBytes',
  'anonBytes',
  'fileBytes',
  'pids',
  'cpuPressureShare',
  'memoryPressureShare',
  'ioPressureShare'
] as const
export type HistorySeries = (typeof historySeries)[number]

/**
 * GET /api/whoami: what the process in each Node service believes about its machine. Refused beside another project.
 */
export interface Beliefs {
  service: string
  hostname: string
  cpus: number
  availableParallelism: number
  totalMemoryBytes: number
  constrainedMemoryBytes: number | 'max' | null
  heapLimitBytes: number
}
