import type { OomEvidence } from '#cgroup/oom-cause.ts'
import { peakName, sampledPeak, type Peak } from '#cgroup/peak.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { OomKill } from '#lab/wire/live.ts'
import type { WitnessKind } from './witness.ts'

/** Who counted the kill; `null` = nobody could. */
export type Source = 'own' | WitnessKind | null

/** A kill that the container counted itself. */
export interface OwnKill {
  kills: number
  evidence: OomEvidence
  peak: Peak
  limitBytes: number | null
}

/** The last that was read of a life that ended, and the highest usage that was. */
export interface EndedLife {
  last: Reading
  highestBytes: number | null
  limitBytes: number | null
}

/** `evidence`: of the container's own counts, where there are any. */
export interface Verdict extends OomKill { source: Source, evidence: OomEvidence | null }

const NEAR_SHARE = 0.9

/** `tasksLeft`: how many tasks the container had a moment after its kill was counted; `null` = nobody could tell. */
export function verdictOfRise ({ kills, evidence, peak, limitBytes }: OwnKill, tasksLeft: number | null): Verdict {
  const victim = tasksLeft === null ? 'unknown' : tasksLeft === 0 ? 'pid1' : 'child'
  return { kills, cause: evidence.cause, peakBytes: peak.bytes, peakFrom: peak.from, limitBytes, victim, source: 'own', evidence }
}

/**
 * Which of the containers that ended since the last sample were killed, when their own count is gone with them. One
 * verdict a life, in the same order; `null` = nothing speaks for a kill. `unexplained`: what the witness counted and no
 * living container did; `null` = there is no witness, and then only memory at its limit speaks, and what it says is not
 * counted.
 *
 * For whose limit is not told: what a witness counts may be a stranger's, and its `oom` also that of a container that
 * lives on.
 */
export function verdictsOfEnds (ended: EndedLife[], unexplained: number | null, witness: WitnessKind): Array<Verdict | null> {
  if (unexplained === 0) return ended.map(() => null)
  const near = ended.filter(isNearLimit)
  const suspects = near.length > 0 || unexplained === null ? near : ended
  const isCertain = unexplained !== null && unexplained >= suspects.length
  return ended.map(life => {
    if (!suspects.includes(life)) return null
    const kills = isCertain ? (suspects.length === 1 ? unexplained : 1) : 0
    const { bytes, from } = peakSeenOf(life)
    const told = { kills, cause: 'not_told' as const, peakBytes: bytes, peakFrom: from, limitBytes: life.limitBytes }
    return { ...told, victim: isCertain ? 'pid1' : 'unknown', source: unexplained === null ? null : witness, evidence: null }
  })
}

function isNearLimit ({ last: { memory: { currentBytes } }, limitBytes }: EndedLife): boolean {
  return currentBytes !== null && limitBytes !== null && currentBytes >= NEAR_SHARE * limitBytes
}

/** Of the kernel's own mark too only what it was at the last look is known. */
function peakSeenOf ({ last, highestBytes }: EndedLife): Peak {
  return sampledPeak(last.memory.peakBytes ?? highestBytes)
}

export function textOf (verdict: Verdict): string {
  const { source, kills, victim, evidence } = verdict
  const memory = memoryWords(verdict)
  if (evidence !== null) return `${causeWords(evidence)}: oom_kill +${kills}, ${memory}, victim: ${names[victim]}`
  if (source === null) return `ended near its memory limit, ${memory}; whether it was killed is not known: the kernel's count went with its cgroup`
  const where = source === 'parent' ? 'the cgroup above' : 'the host'
  return kills === 0
    ? `may have been OOM-killed: several containers ended while ${where} counted oom_kill; ${memory}, victim: not known`
    : `OOM-killed: oom_kill +${kills}, counted by ${where} as it ended, ${memory}, victim: ${names[victim]}`
}

/** With the counts that it was decided by. */
function causeWords ({ cause, kills, ooms, limit, version }: OomEvidence): string {
  const count = ooms === null ? '' : ` (oom +${ooms})`
  switch (cause) {
    case 'own_limit': return `killed by ${limit === 'max' ? 'a memory limit inside it' : 'its own memory limit'}${count}`
    case 'not_own_limit': return `killed by the OOM killer, ${limit === 'max' ? 'without a limit of its own' : 'and not for its own limit'}${count}`
    case 'not_told': return ooms === null
      ? `killed by the OOM killer; whether for its own limit or one above, ${version === 'v2' ? 'this kernel' : 'cgroup v1'} does not count`
      : `killed by the OOM killer, and not each time for its own limit (oom +${ooms}, oom_kill +${kills})`
  }
}

const names = { child: 'a child', pid1: 'PID 1 (the container ended)', unknown: 'not known' }

function memoryWords ({ peakBytes, peakFrom, limitBytes, evidence }: Verdict): string {
  const peak = `${peakName(peakFrom)} = ${mebibytes(peakBytes)}`
  return evidence?.limit === 'max' ? peak : `${peak} of ${mebibytes(limitBytes)}`
}

function mebibytes (bytes: number | null): string {
  return bytes === null ? '?' : `${Math.round(bytes / 2 ** 20)} MiB`
}
