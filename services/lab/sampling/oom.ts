import type { Reading } from '../../cgroup/reading.ts'
import type { LabEvent } from '../wire.ts'
import type { WitnessKind } from './witness.ts'

export type Oom = NonNullable<LabEvent['oom']>

/** Who counted the kill; `null` = nobody could. */
export type Source = 'own' | WitnessKind | null

/** The last that was read of a life that ended. */
export interface EndedLife {
  last: Reading
  limitBytes: number | null
}

export interface Verdict extends Oom { source: Source }

const NEAR_SHARE = 0.9
/** The peak is counted in batches, so it may stay a little below the limit that was met. */
const MET_SHARE = 0.98

/** `tasksLeft`: how many tasks the container had a moment after its kill was counted; `null` = its cgroup was gone. */
export function verdictOfRise (last: Reading, limitBytes: number | null, kills: number, tasksLeft: number | null): Verdict {
  return { kills, peakBytes: peakOf(last), limitBytes, victim: tasksLeft === null || tasksLeft === 0 ? 'pid1' : 'child', source: 'own' }
}

/**
 * Which of the containers that ended since the last sample were killed, when their own count is gone with them. One verdict a
 * life, in the same order; `null` = nothing speaks for a kill. `unexplained`: what the witness counted and no living container
 * did; `null` = there is no witness, and then only memory at its limit speaks, and what it says is not counted.
 */
export function verdictsOfEnds (ended: EndedLife[], unexplained: number | null, witness: WitnessKind): Array<Verdict | null> {
  if (unexplained === 0) return ended.map(() => null)
  const near = ended.filter(isNearLimit)
  const suspects = near.length > 0 || unexplained === null ? near : ended
  const isCertain = unexplained !== null && unexplained >= suspects.length
  return ended.map(life => {
    if (!suspects.includes(life)) return null
    const kills = isCertain ? (suspects.length === 1 ? unexplained : 1) : 0
    const { last, limitBytes } = life
    return { kills, peakBytes: peakOf(last), limitBytes, victim: isCertain ? 'pid1' : 'unknown', source: unexplained === null ? null : witness }
  })
}

function isNearLimit ({ last: { memory: { currentBytes } }, limitBytes }: EndedLife): boolean {
  return currentBytes !== null && limitBytes !== null && currentBytes >= NEAR_SHARE * limitBytes
}

/** Kernels before 5.19 keep no peak on v2. */
function peakOf ({ memory: { peakBytes, currentBytes } }: Reading): number | null {
  return peakBytes ?? currentBytes
}

export function textOf (verdict: Verdict): string {
  const { source, kills, victim, peakBytes, limitBytes } = verdict
  const memory = `${mebibytes(peakBytes)} of ${mebibytes(limitBytes)}`
  if (source === 'own') return `${causeOf(verdict)}: oom_kill +${kills}, peak = ${memory}, victim: ${names[victim]}`
  if (source === null) {
    return `ended near its memory limit, peak seen = ${memory}; whether it was killed is not known: the kernel's count went with its cgroup`
  }
  const where = source === 'parent' ? 'the cgroup above' : 'the host'
  return kills === 0
    ? `may have been OOM-killed: several containers ended while ${where} counted oom_kill; peak seen = ${memory}, victim: not known`
    : `OOM-killed: oom_kill +${kills}, counted by ${where} as it ended, peak seen = ${memory}, victim: ${names[victim]}`
}

function causeOf ({ peakBytes, limitBytes }: Verdict): string {
  const metOwnLimit = peakBytes !== null && limitBytes !== null && peakBytes >= MET_SHARE * limitBytes
  return metOwnLimit ? 'killed by its own memory limit' : 'killed by the OOM killer, and not for its own limit'
}

const names = { child: 'a child', pid1: 'PID 1 (the container ended)', unknown: 'not known' }

function mebibytes (bytes: number | null): string {
  return bytes === null ? '?' : `${Math.round(bytes / 2 ** 20)} MiB`
}
