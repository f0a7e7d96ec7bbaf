/** What a trial of the replay sees, and what a sweep of it recommends. The numbers are like those of the real stack. */
import type { Check } from '#lab/wire/experiments.ts'
import type {
  SweepResult, SweepSpec, SweptLimits, Trial, TrialFigures, TrialOutcome, TrialPurpose
} from '#lab/wire/sweep.ts'
import { MIB } from './model.ts'

/** With less the queue grows. */
export const NEEDED_CPUS = 0.28
/** With less a process is killed; with a little more its pages are reclaimed and read again. */
const NEEDED_MIB = 76
const ENOUGH_MIB = 84
const SECONDS = 8

interface Planned { number: number, purpose: TrialPurpose, limits: SweptLimits }

/** `isDisturbed`: the first trial of its limit, while something else needed the machine. */
export function trialOf (spec: SweepSpec, planned: Planned, isFirst: boolean, hasPressure: boolean): Trial {
  const isDisturbed = isFirst && planned.purpose === 'cpus' && planned.limits.cpus === 0.23
  const figures = figuresOf(spec, planned, isDisturbed, hasPressure)
  const checks = checksOf(spec, figures, isDisturbed)
  return { ...planned, figures, checks, outcome: outcomeOf(checks) }
}

function figuresOf (
  { ratePerSecond }: SweepSpec, { limits }: Planned, isDisturbed: boolean, hasPressure: boolean
): TrialFigures {
  const [cpus, mib] = [limits.cpus as number, limits.memoryBytes as number / MIB]
  const lack = Math.max(0, NEEDED_CPUS - cpus) / NEEDED_CPUS
  const isKilled = mib < NEEDED_MIB
  const isShort = mib < ENOUGH_MIB
  const due = Math.max(1, Math.round(ratePerSecond * SECONDS))
  const p99Ms = isKilled ? null : 18 + lack * 9000 + (isShort ? 310 : 0) + Math.max(0, 0.5 - cpus) * 140
  return {
    seconds: SECONDS,
    due,
    failed: isKilled ? Math.round(due * 0.7) : 0,
    p50Ms: p99Ms === null ? null : p99Ms / 2.5,
    p99Ms,
    halvesP50Ms: lack > 0 ? [p99Ms! / 4, p99Ms! / 2] : [7, 7],
    cores: Math.min(cpus, 0.24),
    otherCores: isDisturbed ? 7.4 : 0.6,
    throttledShare: cpus >= 1 ? 0 : Math.min(0.97, 0.04 + lack * 3 + Math.max(0, 0.36 - cpus) * 1.8),
    peakBytes: Math.min(mib, 91) * MIB,
    anonPeakBytes: Math.min(mib, 62) * MIB,
    pidsPeak: 13,
    oomKills: isKilled ? 2 : 0,
    restarts: 0,
    memoryLimitHits: mib < 92 ? Math.round((92 - mib) * 31) : 0,
    refaults: isShort ? Math.round((ENOUGH_MIB - mib) * 420) : 0,
    memoryPressureShare: hasPressure ? (isShort ? 0.08 + (ENOUGH_MIB - mib) * 0.03 : 0.002) : null,
    pidsLimitHits: 0
  }
}

function checksOf (spec: SweepSpec, figures: TrialFigures, isDisturbed: boolean): Check[] {
  const { service, goal } = spec
  const { p99Ms, failed, due, oomKills, memoryPressureShare, halvesP50Ms: [first, second] } = figures
  const isQuick = p99Ms !== null && p99Ms <= goal.p99Ms
  const doubt = isDisturbed ? '; everything else used 7.40 CPU of this machine\'s 8, and little was idle' : ''
  const check = (claim: string, source: string, saw: string, holds: boolean | null): Check =>
    ({ claim, source, saw, holds })
  const pressure = memoryPressureShare === null
    ? []
    : [check('it waits for memory in at most 10 % of the time', `${service}: memory.pressure some`,
        `${Math.round(memoryPressureShare * 100)} %`, memoryPressureShare <= goal.maxPressureShare)]
  return [
    check(`p99 is at most ${goal.p99Ms} ms`, 'lab: load generator', `${p99Ms === null ? 'not measured' : `${Math.round(p99Ms)} ms`}${doubt}`,
      isDisturbed ? null : isQuick),
    check(`at most ${goal.maxFailedShare * 100} % fail`, 'lab: load generator', `${failed} of ${due}`, failed === 0),
    check('the queue does not grow', 'lab: load generator', `p50 ${Math.round(first!)} ms, then ${Math.round(second!)} ms`,
      isDisturbed ? null : second! < first! * 1.5),
    check('no process is killed', `${service}: memory.events oom_kill`, `+${oomKills}`, oomKills === 0),
    check('it is not started again', `${service}: inode of the cgroup`, 'the same throughout', true),
    ...pressure,
    check('every task can be started', `${service}: pids.events max`, '0 refused', true)
  ]
}

function outcomeOf (checks: Check[]): TrialOutcome {
  if (checks.some(({ holds }) => holds === false)) return 'failed'
  return checks.some(({ holds }) => holds === null) ? 'not_measured' : 'passed'
}

export function resultOf (
  { service, marginShare }: SweepSpec, confirmed: SweptLimits, hasPressure: boolean
): SweepResult {
  const margin = `${Math.round(marginShare * 100)} %`
  return {
    outcome: 'recommended',
    summary: `0.29 CPU and 86 MiB are the least with which ${service} meets the goal; with ${margin} on top the limits are 0.36 CPU, 104 MiB, 21 tasks. With these together p99 was 38 ms.`,
    knees: { cpus: { passed: 0.295, failed: 0.27 }, memoryBytes: { passed: 86 * MIB, failed: 80 * MIB } },
    recommended: { ...confirmed, pids: 21 },
    compose: `services:\n  ${service}:\n    memswap_limit: 104M\n    deploy:\n      resources:\n        limits:\n          cpus: "0.36"\n          memory: 104M\n          pids: 21\n`,
    kubernetes: 'resources:\n  requests:\n    cpu: 240m\n    memory: 104Mi\n  limits:\n    cpu: 360m\n    memory: 104Mi\n# Tasks are limited for a whole pod, by the kubelet: podPidsLimit, at least 21\n',
    givesWayFirst: 'CPU: 67 % of the limit is used, so the queue grows from about 59 a second on.',
    notes: [
      'At another rate the CPU limit changes about in proportion: one request takes 6.0 ms of CPU time. Memory and tasks need not; run the sweep again.',
      'On another machine run it again: a CPU does more there, or less, in the same time.',
      'Tasks are counted with each reading, so short ones may have been missed.',
      ...(hasPressure ? [] : ['This kernel has no PSI for memory here, so memory was judged by kills, latency and pages that had to be read again.'])
    ]
  }
}
