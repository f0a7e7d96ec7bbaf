/**
 * Two clocks. The lab's own is never set: distances come from it, and order from `seq`. The host's gives the words on
 * an axis, and may be set at any time, back too. Pure.
 */
import type { SampleTime } from '#lab/wire/live.ts'

/**
 * One life of the lab: its newest sample, and when it began by the host's clock as that is now. Unix time in seconds.
 */
export interface Lab { newest: Pick<SampleTime, 'seq' | 'at'>, beganAt: number }

/**
 * Two clocks that are read one after the other, in whole milliseconds, differ by less than this without one of them
 * having been set.
 */
const SET_SECONDS = 0.02

export function secondsOf ({ at }: Pick<SampleTime, 'at'>): number {
  return Date.parse(at) / 1000
}

export function isNewest (lab: Lab | null, { seq, at }: SampleTime): boolean {
  return lab?.newest.seq === seq && lab.newest.at === at
}

/** The lab after a sample. What was not set stays as it was, or the little that two clocks differ by would add up. */
export function labAfter (lab: Lab | null, time: SampleTime): Lab {
  return { newest: { seq: time.seq, at: time.at }, beganAt: setBy(lab, time) === 0 ? lab!.beganAt : beganAt(time) }
}

/**
 * By how many seconds the host's clock was set since the newest sample. `null`: nobody can tell, because that was in
 * another life of the lab.
 */
export function setBy (lab: Lab | null, time: SampleTime): number | null {
  if (lab === null || time.seq < lab.newest.seq) return null
  const seconds = beganAt(time) - lab.beganAt
  if (!Number.isFinite(seconds)) return null
  return Math.abs(seconds) > SET_SECONDS ? seconds : 0
}

/** When something began, by the host's clock as it is now. */
export function placeOf (lab: Lab | null, { startedAt, startedUptimeSeconds }: { startedAt: string, startedUptimeSeconds: number | null }): number {
  const place = (lab?.beganAt ?? NaN) + (startedUptimeSeconds ?? NaN)
  return Number.isFinite(place) ? place : Date.parse(startedAt) / 1000
}

function beganAt (time: SampleTime): number {
  return secondsOf(time) - time.uptimeSeconds
}
