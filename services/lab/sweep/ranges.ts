/** Where a search begins: what is known before it, from the trials that passed. Pure. */
import type { LimitValue, SweepSpec, Trial, TrialFigures } from '#lab/wire/sweep.ts'
import type { Range } from './search.ts'

/** Of the CPU time that the work takes. With less the queue grows without end, and readings are not wrong by more. */
const TOO_LITTLE = 0.9
/** Work does not come evenly, and a quota is for each period of its own. */
const USUALLY_ENOUGH = 1.15
/** The least that the engine takes. Where systemd sets the cgroups, it rounds to whole percent of a CPU. */
export const CPU_UNIT = 0.01
const PAGE_BYTES = 4096

/** The CPU time that the work takes in each second, from what one piece of it took. `null`: not measured. */
export function demandOf ({ cores, seconds, due }: TrialFigures, { ratePerSecond }: SweepSpec): number | null {
  return cores === null || due === 0 ? null : cores * seconds / due * ratePerSecond
}

export function cpuRange (demand: number, machineCpus: number): Range {
  const within = (cpus: number): number => Math.min(machineCpus, Math.max(CPU_UNIT, cpus))
  return {
    tooLittle: within(demand * TOO_LITTLE),
    enough: machineCpus,
    first: within(demand * USUALLY_ENOUGH),
    unit: CPU_UNIT
  }
}

/**
 * Anonymous memory cannot be reclaimed without swap, so with less a process is killed. What was in use at most is the
 * guess: it may be too much, because the kernel reclaims page cache only when it has to, and too little, because
 * readings miss moments. `null`: the kernel does not count memory.
 */
export function memoryRange (trials: Trial[], enough: LimitValue, machineBytes: number): Range | null {
  const passed = trials.filter(({ outcome }) => outcome === 'passed').map(({ figures }) => figures!)
  const anon = passed.map(({ anonPeakBytes }) => anonPeakBytes).filter(bytes => bytes !== null)
  const peaks = passed.map(({ peakBytes }) => peakBytes).filter(bytes => bytes !== null)
  if (anon.length === 0 || peaks.length === 0) return null
  const most = enough === 'max' ? machineBytes : enough
  const first = Math.min(Math.max(...peaks), most)
  return { tooLittle: Math.min(...anon, most), enough: most, first, unit: PAGE_BYTES }
}

/** The most tasks in any trial. `null`: the kernel does not count them. */
export function pidsPeakOf (trials: Trial[]): number | null {
  const peaks = trials.map(({ figures }) => figures?.pidsPeak ?? null).filter(count => count !== null)
  return peaks.length === 0 ? null : Math.max(...peaks)
}
