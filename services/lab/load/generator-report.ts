import { rates } from '#cgroup/rates.ts'
import type { Reading } from '#cgroup/reading.ts'
import { formatShare, plain } from '#lab/format.ts'
import type { GeneratorReport } from '#lab/wire/load.ts'
import { LATE_MS, type Measured } from './measurement.ts'

/** If the generator delayed more than one request in a hundred, it may have made the p99. */
const TOLERATED_SHARE = 0.01

/** Was this the load that was asked for? `before` and `after` are readings of the generator's own container. */
export function generatorReport (
  { total, own }: Pick<Measured, 'total' | 'own'>, before: Reading | null, after: Reading | null
): GeneratorReport {
  const { due, missedSends } = total
  const change = after === null ? null : rates(before, after)
  const throttled = change?.throttledSecondsPerSecond ?? null
  const faults = [
    missedSends > 0 && `${missedSends} of ${due} requests were never sent, because no connection came free before their timeout`,
    own.lateSends > due * TOLERATED_SHARE && `${own.lateSends} of ${due} requests were taken up more than ${LATE_MS} ms after they were due`,
    throttled !== null && throttled > TOLERATED_SHARE && `the lab's own container was throttled for ${plain(formatShare(throttled))} of the time`
  ].filter(fault => fault !== false)
  return {
    keptPace: faults.length === 0,
    text: faults.length > 0
      ? `The generator did not keep the pace, so these figures are partly its own: ${faults.join('; ')}.`
      : `The generator kept the pace: ${own.lateSends} of ${due} requests were late by more than ${LATE_MS} ms, and ${throttledWords(throttled)}.`,
    missedSends,
    ...own,
    throttledShare: rounded(change?.throttledShare ?? null),
    throttledSeconds: rounded(change === null || throttled === null ? null : throttled * change.seconds)
  }
}

function throttledWords (throttled: number | null): string {
  if (throttled === null) return 'whether its own container was throttled was not measured'
  return throttled === 0 ? 'its own container was not throttled' : `its own container was throttled for ${plain(formatShare(throttled))} of the time`
}

function rounded (value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4
}
