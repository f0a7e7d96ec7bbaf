/** From the trials to limits that one can use, and what they do not say. Pure. */
import { cpus as cpusText, mib, ms, percent } from '#lab/format.ts'
import type { Knee, LimitValue, SweepResult, SweepSpec, SweptLimits, TrialFigures } from '#lab/wire/sweep.ts'

const MIB = 2 ** 20
const CENTS = 100
/** Kubernetes counts CPU in thousandths. */
const MILLI = 1000
/** Health checks and shells come and go between two readings. */
const SPARE_TASKS = 8

export interface Found {
  /** `null`: CPU was not searched. */
  cpus: Knee | null
  /** `null`: memory was not searched, or not measured. */
  memoryBytes: Knee | null
  pidsPeak: number | null
}

/** The smallest limits that passed with the margin on top, rounded up; never more than the machine has. */
export function recommendedLimits (
  { cpus, memoryBytes, pidsPeak }: Found, marginShare: number, before: SweptLimits, machine: { cpus: number }
): SweptLimits {
  const withMargin = (value: number, unit: number): number => Math.ceil(value * (1 + marginShare) / unit - 1e-9) * unit
  return {
    cpus: cpus === null ? before.cpus : Math.min(machine.cpus, roundCents(withMargin(cpus.passed, 1 / CENTS))),
    memoryBytes: memoryBytes === null
      ? before.memoryBytes
      : notAbove(before.memoryBytes, withMargin(memoryBytes.passed, MIB)),
    pids: pidsPeak === null ? before.pids : Math.max(withMargin(pidsPeak, 1), pidsPeak + SPARE_TASKS)
  }
}

function notAbove (limit: LimitValue, value: number): number { return limit === 'max' ? value : Math.min(limit, value) }

function roundCents (value: number): number { return Math.round(value * CENTS) / CENTS }

/** As compose.yaml has it: memory and swap equal, so that the limit of memory is a real one. */
export function composeLines (service: string, { cpus, memoryBytes, pids }: SweptLimits): string {
  const swap = memoryBytes === 'max' ? [] : [`    memswap_limit: ${memoryBytes / MIB}M`]
  const limits = [
    cpus !== 'max' && `          cpus: "${cpus.toFixed(2)}"`,
    memoryBytes !== 'max' && `          memory: ${memoryBytes / MIB}M`,
    pids !== 'max' && `          pids: ${pids}`
  ].filter(line => line !== false)
  return lines('services:', `  ${service}:`, ...swap, '    deploy:', '      resources:', '        limits:', ...limits)
}

/**
 * The request for CPU is what the work takes: CPU time can be shared, and what is not used goes to others. The request
 * for memory is the limit, because memory that is in use cannot be taken away without a kill.
 */
export function kubernetesLines ({ cpus, memoryBytes, pids }: SweptLimits, cores: number | null): string {
  const memory = memoryBytes === 'max' ? [] : [`    memory: ${memoryBytes / MIB}Mi`]
  const request = cores === null ? [] : [`    cpu: ${Math.ceil(cores * MILLI)}m`]
  const limit = cpus === 'max' ? [] : [`    cpu: ${Math.ceil(cpus * MILLI)}m`]
  const tasks = pids === 'max' ? [] : [`# Tasks are limited for a whole pod, by the kubelet: podPidsLimit, at least ${pids}`]
  return lines('resources:', '  requests:', ...request, ...memory, '  limits:', ...limit, ...memory, ...tasks)
}

/** The limit of which most is used when there is as much to do as in the confirming trial. */
export function givesWayFirst (
  { cpus, memoryBytes, pids }: SweptLimits, figures: TrialFigures, ratePerSecond: number
): string | null {
  const { cores, anonPeakBytes, pidsPeak } = figures
  const uses = [
    { name: 'CPU', share: shareOfLimit(cores, cpus) },
    { name: 'memory that cannot be reclaimed', share: shareOfLimit(anonPeakBytes, memoryBytes) },
    { name: 'tasks', share: shareOfLimit(pidsPeak, pids) }
  ].filter((use): use is { name: string, share: number } => use.share !== null)
  const [first] = uses.toSorted((a, b) => b.share - a.share)
  if (first === undefined) return null
  const used = `${first.name}: ${percent(first.share)} of the limit is used`
  return first.name === 'CPU' ? `${used}, so the queue grows from about ${Math.floor(ratePerSecond / first.share)} a second on.` : `${used}.`
}

function shareOfLimit (used: number | null, limit: LimitValue): number | null {
  return used === null || limit === 'max' || limit === 0 ? null : used / limit
}

/** What the same sweep would say elsewhere, and what it could not see. */
export function notesOn ({ ratePerSecond, work }: SweepSpec, found: Found, figures: TrialFigures): string[] {
  const one = work.kind === 'jobs' ? 'job' : 'request'
  const { cores, memoryPressureShare } = figures
  return [
    cores !== null && `At another rate the CPU limit changes about in proportion: one ${one} takes ${ms(cores * 1000 / ratePerSecond)} of CPU time. Memory and tasks need not; run the sweep again.`,
    'On another machine run it again: a CPU does more there, or less, in the same time.',
    found.pidsPeak !== null && 'Tasks are counted with each reading, so short ones may have been missed.',
    memoryPressureShare === null && 'This kernel has no PSI for memory here, so memory was judged by kills, latency and pages that had to be read again.'
  ].filter(note => note !== false)
}

/** What was found, in a sentence or two. */
export function summaryOf (outcome: SweepResult['outcome'], { recommended, found, figures, spec }: {
  recommended: SweptLimits, found: Found, figures: TrialFigures | null, spec: SweepSpec
}): string {
  const { cpus, memoryBytes } = found
  const least = [cpus && cpusText(cpus.passed), memoryBytes && mib(memoryBytes.passed)].filter(text => text !== null)
  const limits = `${cpusText(recommended.cpus)}, ${mib(recommended.memoryBytes)}, ${recommended.pids} tasks`
  const p99 = figures === null || figures.p99Ms === null ? 'was not measured' : `was ${ms(figures.p99Ms)}`
  return `${least.join(' and ')} ${least.length === 1 ? 'is' : 'are'} the least with which ${spec.service} meets the goal; with ${percent(spec.marginShare)} on top the limits are ${limits}. ` +
    `With these together p99 ${p99}${outcome === 'recommended' ? '' : ', and the goal was not kept: do not rely on them'}.`
}

function lines (...all: string[]): string { return `${all.join('\n')}\n` }
