/**
 * Two clocks. The lab's own clock is never set: distances come from it, and order comes from `seq`. The host's clock
 * gives the times on an axis, and may be set at any moment, also backwards. Pure.
 */
import type { SampleTime } from '#lab/wire/live.ts'

/** One life of the lab: its newest sample, and when it began by the host's present clock, in Unix seconds. */
export interface Lab { newest: Pick<SampleTime, 'seq' | 'at'>, beganAt: number }

/** If two clocks read one after the other, in whole milliseconds, differ by more than this, one of them was set. */
const SET_SECONDS = 0.02

export function secondsOf ({ at }: Pick<SampleTime, 'at'>): number {
  return Date.parse(at) / 1000
}

export function isNewest (lab: Lab | null, { seq, at }: SampleTime): boolean {
  return lab?.newest.seq === seq && lab.newest.at === at
}

/** The lab after a sample. While no clock is set its beginning stays, so that small differences do not add up. */
export function labAfter (lab: Lab | null, time: SampleTime): Lab {
  return { newest: { seq: time.seq, at: time.at }, beganAt: setBy(lab, time) === 0 ? lab!.beganAt : beganAt(time) }
}

/**
 * By how many seconds the host's clock was set since the newest sample. `null`: not known, because that sample is from
 * another life of the lab.
 */
export function setBy (lab: Lab | null, time: SampleTime): number | null {
  if (lab === null || time.seq < lab.newest.seq) return null
  const seconds = beganAt(time) - lab.beganAt
  if (!Number.isFinite(seconds)) return null
  return Math.abs(seconds) > SET_SECONDS ? seconds : 0
}

interface Started { startedAt: string, startedUptimeSeconds: number | null }

/** When something began, by the host's present clock. */
export function placeOf (lab: Lab | null, { startedAt, startedUptimeSeconds }: Started): number {
  const place = (lab?.beganAt ?? NaN) + (startedUptimeSeconds ?? NaN)
  return Number.isFinite(place) ? place : Date.parse(startedAt) / 1000
}

function beganAt (time: SampleTime): number {
  return secondsOf(time) - time.uptimeSeconds
}
