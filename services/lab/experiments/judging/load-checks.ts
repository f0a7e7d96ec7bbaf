import { ms } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { LoadSummary } from '#lab/wire/load.ts'
import type { Window } from './evidence.ts'

/** A load on the API: what was sent, how it went, and when, on the clock of the readings. */
export interface ApiLoad { path: string, ratesPerSecond: number[], window: Window, summary: LoadSummary }

/** The largest share of the measured p99 that may be the generator's own lateness. */
const OWN_SHARE = 0.5
const claim = 'the latency is not caused by the load generator'
const source = 'lab: load generator'

/** A load that was spoiled by the generator is inconclusive. */
export function generatorKeptPace (load: ApiLoad): Check {
  const { lateness, missedSends } = load.summary.generator
  const saw = `lateness p99 ${words(lateness.p99Ms)}, latency p99 ${words(load.summary.total.latency.p99Ms)}, ${missedSends} requests not sent`
  return { claim, source, saw, holds: isOfTheService(load) ? true : null }
}

/** At least `atLeast` loads of each group must remain when those that were spoiled by the generator are dropped. */
export function generatorMostlyKeptPace (groups: ApiLoad[][], atLeast: number): Check {
  const kept = groups.map(loads => loads.filter(isOfTheService).length)
  const sum = kept.reduce((sum, count) => sum + count, 0)
  const saw = `${sum} of ${groups.flat().length} loads kept their pace`
  return { claim, source, saw, holds: kept.every(count => count >= atLeast) ? true : null }
}

/**
 * Whether these latencies are the service's. On a busy machine the generator is late now and then: that is negligible
 * against a slow response and everything against a fast one.
 */
export function isOfTheService ({ summary: { generator, total } }: Pick<ApiLoad, 'summary'>): boolean {
  const ownShare = (generator.lateness.p99Ms ?? Infinity) / (total.latency.p99Ms ?? 0)
  return generator.keptPace || (generator.missedSends === 0 && ownShare <= OWN_SHARE)
}

export function nothingFailed (loads: ApiLoad[]): Check {
  const sumOf = (key: 'due' | 'failed'): number => loads.reduce((sum, { summary: { total } }) => sum + total[key], 0)
  const [due, failed] = [sumOf('due'), sumOf('failed')]
  return { claim: 'no request fails', source, saw: `${failed} of ${due} failed`, holds: failed === 0 }
}

function words (milliseconds: number | null): string {
  return milliseconds === null ? 'not measured' : ms(milliseconds)
}
