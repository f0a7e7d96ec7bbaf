import { ms } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { LoadSummary } from '#lab/wire/load.ts'
import type { Window } from './evidence.ts'

/** A load on the API, how it went, and when it was in the readings. */
export interface ApiLoad { path: string, ratesPerSecond: number[], window: Window, summary: LoadSummary }

/** Of the p99 that was measured, so much may be the generator's own. */
const OWN_SHARE = 0.5
const claim = 'what took long is not the load generator'
const source = 'lab: load generator'

/** A load that the generator spoiled shows nothing. */
export function generatorKeptPace (load: ApiLoad): Check {
  const { lateness, missedSends } = load.summary.generator
  const saw = `late by ${words(lateness.p99Ms)} of p99 ${words(load.summary.total.latency.p99Ms)}, ${missedSends} never sent`
  return { claim, source, saw, holds: isOfTheService(load) ? true : null }
}

/**
 * Of groups of loads that are compared: in each so many have to be left when those that the generator spoiled are set
 * aside.
 */
export function generatorMostlyKeptPace (groups: ApiLoad[][], atLeast: number): Check {
  const kept = groups.map(loads => loads.filter(isOfTheService).length)
  const sum = kept.reduce((sum, count) => sum + count, 0)
  return { claim, source, saw: `${sum} of ${groups.flat().length} loads kept their pace`, holds: kept.every(count => count >= atLeast) ? true : null }
}

/**
 * Are these latencies the service's? On a busy machine the generator is late now and then, which is little of some
 * latencies and all there is of others.
 */
export function isOfTheService ({ summary: { generator, total } }: ApiLoad): boolean {
  const ownShare = (generator.lateness.p99Ms ?? Infinity) / (total.latency.p99Ms ?? 0)
  return generator.keptPace || (generator.missedSends === 0 && ownShare <= OWN_SHARE)
}

export function nothingFailed (loads: ApiLoad[]): Check {
  const [due, failed] = (['due', 'failed'] as const).map(key => loads.reduce((sum, { summary: { total } }) => sum + total[key], 0))
  return { claim: 'no request fails', source, saw: `${failed} of ${due} failed`, holds: failed === 0 }
}

function words (milliseconds: number | null): string {
  return milliseconds === null ? 'not measured' : ms(milliseconds)
}
