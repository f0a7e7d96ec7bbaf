/** Whether a trial kept the goal, with the kernel's evidence. Pure. */
import type { CgroupVersion } from '#cgroup/reading.ts'
import { kernelName } from '#lab/experiments/series.ts'
import { cpus, ms, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { SweepGoal, SweptLimits, TrialFigures, TrialOutcome, TrialPurpose } from '#lab/wire/sweep.ts'

export interface Judged {
  service: string
  version: CgroupVersion
  purpose: TrialPurpose
  limits: SweptLimits
  goal: SweepGoal
  figures: TrialFigures
  machineCpus: number
  /** Why the latencies may not be those of the service. `null`: they are. */
  doubt: string | null
}

/** From here on the kernel's stops of the service are a reason for its latency. Of the periods. */
const THROTTLED = 0.02
/** From here on the quota is used up, though readings do not fall on the ends of periods. */
const USED_UP = 0.9
/** The queue grew if the second half waited this many times as long as the first, and by this share of the goal. */
const TIMES_AS_LONG = 1.5
const SHARE_OF_GOAL = 0.1
/** Where the kernel has no PSI: with more, the service spends its time on pages that it had a moment ago. */
const MOST_REFAULTS_PER_SECOND = 100

/** The machine is short of CPU time if less of it is idle, and others are the reason if they use more. Of its CPUs. */
const LEAST_IDLE = 0.1
const MUCH_FOR_OTHERS = 0.3

/** The claim of the check that is open when a goal was missed for another reason. */
export const LIMIT_WAS_THE_REASON = 'a limit was the reason'
const LOAD = 'lab: load generator'

export function checksOf (trial: Judged): Check[] {
  return [...servedChecks(trial), ...memoryChecks(trial), ...tasksChecks(trial)]
}

/** One thing that was not kept is enough. What could not be measured proves nothing either way. */
export function outcomeOf (checks: Check[]): TrialOutcome {
  if (checks.some(({ holds }) => holds === false)) return 'failed'
  return checks.some(({ holds }) => holds === null) ? 'not_measured' : 'passed'
}

/**
 * A goal that was missed counts against the limits only if one of them was in the way. Otherwise the machine, the
 * generator, or something that the service waits for was the bottleneck, and the trial says nothing about the limits.
 * In the baseline no limit is meant to be in the way: what it misses no limit can bring.
 */
function servedChecks (trial: Judged): Check[] {
  const { goal, figures } = trial
  const { p99Ms, due, failed, halvesP50Ms: [first, second] } = figures
  const hasGrown = queueHasGrown(figures, goal)
  const served: Check[] = [{
    claim: `p99 is at most ${ms(goal.p99Ms)}`,
    source: LOAD,
    saw: shown(p99Ms, ms),
    holds: p99Ms === null ? null : p99Ms <= goal.p99Ms
  }, {
    claim: `at most ${shareText(goal.maxFailedShare)} fail`,
    source: LOAD,
    saw: `${failed} of ${due}`,
    holds: due === 0 ? null : failed / due <= goal.maxFailedShare
  }, {
    claim: 'the queue does not grow',
    source: LOAD,
    saw: `p50 ${shown(first, ms)}, then ${shown(second, ms)}`,
    holds: hasGrown === null ? null : !hasGrown
  }]
  const why = whyNotTheLimit(trial)
  if (why === null || served.every(({ holds }) => holds !== false)) return served
  const open = served.map(check => check.holds === false ? { ...check, holds: null } : check)
  return [...open, { claim: LIMIT_WAS_THE_REASON, source: 'lab', saw: why, holds: null }]
}

function queueHasGrown ({ halvesP50Ms: [first, second] }: TrialFigures, { p99Ms }: SweepGoal): boolean | null {
  if (first === null || second === null) return null
  return second > first * TIMES_AS_LONG && second - first > p99Ms * SHARE_OF_GOAL
}

/** `null`: a limit was in the way. */
function whyNotTheLimit (trial: Judged): string | null {
  const { purpose, figures } = trial
  const doubt = trial.doubt ?? whyTheMachine(trial)
  if (doubt !== null || purpose === 'baseline') return doubt
  const { throttledShare, oomKills, restarts, memoryLimitHits, pidsLimitHits } = figures
  const isThrottled = (throttledShare ?? 0) >= THROTTLED
  const counts = [oomKills, restarts, memoryLimitHits, pidsLimitHits]
  if (isThrottled || usedUpQuota(trial) || counts.some(count => (count ?? 0) > 0)) return null
  return `no limit was in the way: throttled in ${shown(throttledShare, percent)} of its periods`
}

/** A service that got all of its quota did not lack what others used. `null`: the machine was not the reason. */
function whyTheMachine (trial: Judged): string | null {
  const { figures: { cores, otherCores }, machineCpus } = trial
  if (cores === null || otherCores === null || usedUpQuota(trial)) return null
  const isFull = cores + otherCores > machineCpus * (1 - LEAST_IDLE)
  if (!isFull || otherCores < machineCpus * MUCH_FOR_OTHERS) return null
  return `everything else used ${cpus(otherCores)} of this machine's ${machineCpus}, and little was idle`
}

function usedUpQuota ({ figures: { cores }, limits }: Judged): boolean {
  return limits.cpus !== 'max' && cores !== null && cores >= limits.cpus * USED_UP
}

function memoryChecks ({ service, version, purpose, goal, figures }: Judged): Check[] {
  const { oomKills, restarts, memoryPressureShare, refaults, seconds } = figures
  const named = (name: Parameters<typeof kernelName>[0]): string => `${service}: ${kernelName(name, version)}`
  const killed: Check = {
    claim: 'no process is killed',
    source: named('oomKill'),
    saw: shown(oomKills, count => `+${count}`),
    holds: oomKills === null ? null : oomKills === 0
  }
  const lives: Check = {
    claim: 'it is not started again',
    source: `${service}: inode of the cgroup`,
    saw: restarts === 0 ? 'the same throughout' : `another one, ${restarts} times`,
    holds: restarts === 0
  }
  if (memoryPressureShare !== null) {
    return [killed, lives, {
      claim: `it waits for memory in at most ${percent(goal.maxPressureShare)} of the time`,
      source: `${service}: memory.pressure some`,
      saw: percent(memoryPressureShare),
      holds: memoryPressureShare <= goal.maxPressureShare
    }]
  }
  if (purpose !== 'memory' || refaults === null || seconds === 0) return [killed, lives]
  return [killed, lives, {
    claim: `at most ${MOST_REFAULTS_PER_SECOND} pages a second are reclaimed too early`,
    source: `${service}: memory.stat workingset_refault_file`,
    saw: `${Math.round(refaults / seconds)} a second`,
    holds: refaults / seconds <= MOST_REFAULTS_PER_SECOND
  }]
}

function tasksChecks ({ service, version, figures: { pidsLimitHits } }: Judged): Check[] {
  if (pidsLimitHits === null) return []
  return [{
    claim: 'every task can be started',
    source: `${service}: ${kernelName('pidsLimitHits', version)}`,
    saw: `${pidsLimitHits} refused`,
    holds: pidsLimitHits === 0
  }]
}

function shown (value: number | null, text: (value: number) => string): string {
  return value === null ? 'not measured' : text(value)
}

/** `0.1 %`: goals are often below one. */
function shareText (share: number): string { return `${Number((share * 100).toFixed(2))} %` }
