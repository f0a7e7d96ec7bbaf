/**
 * One look at one cgroup. It has the same shape for cgroup v1, v2 and hybrid hosts.
 *
 * Three values are kept apart everywhere: a number, `'max'` (the kernel says that there is no limit) and `null`, which
 * means one of these:
 * - the kernel does not say: the file, the key or the controller is missing
 * - the file was not read, see `Extent` in cgroup.ts
 * - the file could not be read or understood, which is reported as a `Fault`
 */

export type CgroupVersion = 'v1' | 'v2' | 'hybrid'

/** A limit: a number, `'max'` = no limit, `null` = the kernel does not say. */
export type Limit = number | 'max' | null

/** `cpu.max`: `quotaUs` microseconds of CPU time in every `periodUs` microseconds. */
export interface CpuMax {
  quotaUs: number | 'max'
  periodUs: number
}

/** What the cgroup's own files allow. */
export interface Limits {
  cpuMax: CpuMax | null
  /** v2 only, 1–10000. */
  cpuWeight: number | null
  /** v1 only, 2–262144. */
  cpuShares: number | null
  /** How many CPUs `cpuset.cpus.effective` lists. */
  cpusetCpus: number | null
  memoryMaxBytes: Limit
  /** v2 only: reclaim starts here; never a kill. */
  memoryHighBytes: Limit
  /** On v2 `memory.low`, a protection: 0 protects nothing. On v1 the soft limit: `'max'` does nothing. */
  memoryLowBytes: Limit
  /** Swap alone, on both versions (v1 counts memory + swap in one number; the difference is taken here). */
  swapMaxBytes: Limit
  /** The kernel's own number: swap alone on v2, memory + swap (`memsw`) on v1. */
  rawSwapMaxBytes: Limit
  pidsMax: Limit
}

/** All limits, where the kernel says nothing. */
export const unknownLimits: Limits = {
  cpuMax: null,
  cpuWeight: null,
  cpuShares: null,
  cpusetCpus: null,
  memoryMaxBytes: null,
  memoryHighBytes: null,
  memoryLowBytes: null,
  swapMaxBytes: null,
  rawSwapMaxBytes: null,
  pidsMax: null
}

/** Counters in `cpu.stat` and `cpuacct.*`. The `nr*` keys are absent without the cpu controller. */
export interface CpuUsage {
  usageUs: number | null
  userUs: number | null
  systemUs: number | null
  nrPeriods: number | null
  nrThrottled: number | null
  /** Summed over CPUs: can grow faster than wall time. */
  throttledUs: number | null
  nrBursts: number | null
  burstUs: number | null
}

/** Use of CPU, where the kernel says nothing. */
export const unknownCpu: CpuUsage = {
  usageUs: null,
  userUs: null,
  systemUs: null,
  nrPeriods: null,
  nrThrottled: null,
  throttledUs: null,
  nrBursts: null,
  burstUs: null
}

export interface MemoryUsage {
  currentBytes: number | null
  /** Highest `currentBytes` since the cgroup was made (kernel ≥ 5.19 on v2). */
  peakBytes: number | null
  /** v1 with swap accounting only: the highest of memory and swap together. */
  memswPeakBytes: number | null
  /** max(0, current − inactive_file): what `docker stats` shows. */
  workingSetBytes: number | null
  swapCurrentBytes: number | null
  anonBytes: number | null
  /** Page cache, tmpfs included. */
  fileBytes: number | null
  fileMappedBytes: number | null
  fileDirtyBytes: number | null
  fileWritebackBytes: number | null
  shmemBytes: number | null
  kernelBytes: number | null
  slabBytes: number | null
  activeFileBytes: number | null
  inactiveFileBytes: number | null
  pgfault: number | null
  pgmajfault: number | null
  /** Pages that were reclaimed and had to be brought back soon after: what a limit that is too small leads to. */
  refaults: number | null
  events: MemoryEvents
}

/** `memory.events` on v2; v1 has only `oom_kill` (in `memory.oom_control`) and `failcnt`, which is `max` here. */
export interface MemoryEvents {
  low: number | null
  high: number | null
  max: number | null
  oom: number | null
  oomKill: number | null
  oomGroupKill: number | null
}

/** Use of memory, where the kernel says nothing. */
export const unknownMemory: MemoryUsage = {
  currentBytes: null,
  peakBytes: null,
  memswPeakBytes: null,
  workingSetBytes: null,
  swapCurrentBytes: null,
  anonBytes: null,
  fileBytes: null,
  fileMappedBytes: null,
  fileDirtyBytes: null,
  fileWritebackBytes: null,
  shmemBytes: null,
  kernelBytes: null,
  slabBytes: null,
  activeFileBytes: null,
  inactiveFileBytes: null,
  pgfault: null,
  pgmajfault: null,
  refaults: null,
  events: { low: null, high: null, max: null, oom: null, oomKill: null, oomGroupKill: null }
}

/** Tasks, that is threads, not processes. */
export interface PidsUsage {
  current: number | null
  peak: number | null
  /** How often a fork was refused (`pids.events`, key `max`). */
  limitHits: number | null
  /**
   * Processes in this cgroup and below (lines of `cgroup.procs`). This is also `null` where v1 hides the processes of
   * another pid namespace.
   */
  processes: number | null
}

export interface IoDevice {
  major: number
  minor: number
  /** `null` where the kernel does not report the key for this device, or reports no number. */
  readBytes: number | null
  writeBytes: number | null
  readOps: number | null
  writeOps: number | null
  discardBytes: number | null
}

/** One line of a pressure file: averages are percentages as the kernel prints them, `totalUs` is a counter. */
export interface PressureLine {
  avg10Percent: number
  avg60Percent: number
  avg300Percent: number
  totalUs: number
}

/** `some`: at least one task waited. `full`: all of them did at once. */
export interface Pressure {
  some: PressureLine | null
  full: PressureLine | null
}

export interface Reading {
  /** Milliseconds since the epoch, for people. Rates are computed from `monotonicUs`. */
  takenAtMs: number
  monotonicUs: number
  version: CgroupVersion
  /** Identifies one life of the directory: a restarted container has the same path and a new inode. */
  inode: number
  /**
   * Whether any process is in it or in a cgroup below. `false` means that the cgroup is empty, as it is before the
   * first process and between two processes.
   */
  populated: boolean | null
  /** Quota, memory and pids limit are current; the others may come from an earlier reading, see `Cgroup.read`. */
  limits: Limits
  cpu: CpuUsage
  memory: MemoryUsage
  pids: PidsUsage
  /** `null` = no io controller. */
  io: IoDevice[] | null
  /** Each is `null` where PSI is off or missing (cgroup v1). */
  pressure: { cpu: Pressure | null, memory: Pressure | null, io: Pressure | null }
}

/** Which level set an effective limit. */
export type LimitSource = 'own' | 'ancestor' | 'host'

/** The smallest of the cgroup's own limit, its ancestors' and the host's. `null` = none of them is known. */
export interface EffectiveLimits {
  cpuCores: { cores: number, from: LimitSource } | null
  memory: { bytes: number, from: LimitSource } | null
  swap: { bytes: number, from: LimitSource } | null
  pids: { max: number, from: LimitSource } | null
}
