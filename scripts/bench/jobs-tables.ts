import { formatCores, formatShare, NOTHING, plain } from '#lab/format.ts'
import { median } from './figures.ts'
import type { Posting } from './job-way.ts'
import { sumOfKnown, type Spent } from './service-cpu.ts'

export const services = ['api', 'worker', 'postgres', 'redis'] as const
export const phases = ['end to end', 'accept', 'drain'] as const
export type Phase = typeof phases[number]

/** `posting`: `null` in a phase in which nothing is posted. */
export interface Measurement {
  jobsPerSecond: number
  posting: Posting | null
  spent: Record<typeof services[number], Spent>
  othersCpus: number | null
}

/** One round at one concurrency: each way beside the other. */
export interface Pair { concurrency: number, ours: Record<Phase, Measurement>, bare: Record<Phase, Measurement> }

type Whose = 'ours' | 'bare'
const names: Record<Whose, string> = { ours: 'ours', bare: 'bare BullMQ' }

export function rateTable (pairs: Pair[]): string {
  const rows = concurrenciesOf(pairs).flatMap(([concurrency, pairs]) =>
    (['end to end', 'drain'] as const).map(phase => {
      const rates = (whose: Whose): number[] => pairs.map(pair => pair[whose][phase].jobsPerSecond)
      return [concurrency, phase, range(rates('ours'), 0), range(rates('bare'), 0), range(ratios(pairs, phase), 2)]
    }))
  return table(['at a time', '', 'ours, jobs/s', 'bare BullMQ, jobs/s', 'ours of bare'], rows)
}

/** Jobs are accepted in the same way at each concurrency, because the worker is paused: all pairs are rounds of one. */
export function acceptTable (pairs: Pair[]): string {
  const rows = (['ours', 'bare'] as const).map(whose => {
    const measured = pairs.map(pair => pair[whose].accept)
    const ms = (key: 'p50Ms' | 'p99Ms'): string => range(measured.map(({ posting }) => posting![key]), 1)
    return [names[whose], range(measured.map(({ jobsPerSecond }) => jobsPerSecond), 0), ms('p50Ms'), ms('p99Ms')]
  })
  rows.push(['ours of bare', range(ratios(pairs, 'accept'), 2), '', ''])
  return table(['', 'accepted/s', 'p50, ms', 'p99, ms'], rows)
}

export function cpuTable (pairs: Pair[], jobs: number): string {
  const rows = concurrenciesOf(pairs).flatMap(([concurrency, pairs]) => phases.flatMap(phase =>
    (['ours', 'bare'] as const).map(whose => {
      const measured = pairs.map(pair => pair[whose][phase])
      const spent = measured.map(({ spent }) => spent)
      const others = formatCores(medianOfKnown(measured.map(({ othersCpus }) => othersCpus)))
      return [concurrency, phase, names[whose], ...cpuCells(spent, jobs), limitsMet(spent), others]
    })))
  return table(['at a time', '', '', ...services, 'sum', 'throttled', 'others, CPUs'], rows)
}

function cpuCells (measured: Array<Measurement['spent']>, jobs: number): string[] {
  const ms = services.map(service => medianOfKnown(measured.map(spent => spent[service].cpuMs)))
  return [...ms, sumOfKnown(ms)].map(ms => ms === null ? NOTHING : (ms / jobs).toFixed(2))
}

/** The services that their limits stopped, the one that was stopped most often first, and those not measured. */
function limitsMet (measured: Array<Measurement['spent']>): string {
  const shares = services.map(service => ({
    service,
    share: medianOfKnown(measured.map(spent => spent[service].throttledShare))
  }))
  const met = shares.filter(({ share }) => share !== 0).sort((a, b) => (b.share ?? 0) - (a.share ?? 0))
  return met.map(({ service, share }) => `${service} ${plain(formatShare(share))}`).join(', ') || 'none'
}

/** Each round beside its neighbour, so that other work of the host affects both. */
function ratios (pairs: Pair[], phase: Phase): number[] {
  return pairs.map(({ ours, bare }) => ours[phase].jobsPerSecond / bare[phase].jobsPerSecond)
}

function concurrenciesOf (pairs: Pair[]): Array<[string, Pair[]]> {
  const concurrencies = [...new Set(pairs.map(({ concurrency }) => concurrency))]
  return concurrencies.map(concurrency => [String(concurrency), pairs.filter(pair => pair.concurrency === concurrency)])
}

/** `null`: it was not measured in any round. */
function medianOfKnown (values: Array<number | null>): number | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : median(known)
}

function range (values: number[], digits: number): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(n => n.toFixed(digits))
  return `${middle} (${least} to ${most})`
}

function table (head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
