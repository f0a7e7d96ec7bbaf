import { NEAR_LIMIT_SHARE } from '#cgroup/near-limit.ts'
import type { OomEvidence } from '#cgroup/oom-cause.ts'
import { peakName, sampledPeak, type Peak } from '#cgroup/peak.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { OomKill, Victim } from '#lab/wire/live.ts'
import type { WitnessKind } from './witness.ts'

/** Where the kill was counted; `null`: nowhere. */
export type CountedBy = 'own' | WitnessKind | null

/** A kill that the container counted itself. */
export interface OwnKill {
  kills: number
  evidence: OomEvidence
  peak: Peak
  limitBytes: number | null
}

/** A life that ended: its last reading, and the highest usage that was read in it. */
export interface EndedLife {
  last: Reading
  highestBytes: number | null
  limitBytes: number | null
}

/** `evidence`: from the container's own counts, where it has any. */
export interface Attribution extends OomKill { countedBy: CountedBy, evidence: OomEvidence | null }
export interface Decided extends Attribution { victim: Victim }

/** A kill that was just seen. A process that was killed may still be on its way out, so its victim is not known yet. */
export function attributeNews (kill: OwnKill): Attribution {
  return { ...attributeRise(kill, null), victim: null }
}

/** `tasksLeft`: how many tasks the container had a moment after its kill was counted; `null`: not known. */
export function attributeRise ({ kills, evidence, peak, limitBytes }: OwnKill, tasksLeft: number | null): Decided {
  const victim = tasksLeft === null ? 'unknown' : tasksLeft === 0 ? 'pid1' : 'child'
  return {
    kills,
    cause: evidence.cause,
    peakBytes: peak.bytes,
    peakFrom: peak.from,
    limitBytes,
    victim,
    countedBy: 'own',
    evidence
  }
}

/**
 * Finds out which of the containers that ended since the last sample were OOM-killed, although their own counts went
 * with them. There is one attribution for each life, in the same order; `null`: nothing speaks for a kill.
 * `unexplained`: kills that the witness counted and no living container did. `null`: there is no witness. Then only
 * memory near its limit speaks for a kill, and such a kill is not counted.
 *
 * The cause stays open: what a witness counts may belong to a stranger, and its `oom` to a container that still runs.
 */
export function attributeEnds (
  ended: EndedLife[], unexplained: number | null, witness: WitnessKind
): Array<Decided | null> {
  if (unexplained === 0) return ended.map(() => null)
  const near = ended.filter(isNearLimit)
  const suspects = near.length > 0 || unexplained === null ? near : ended
  const isCertain = unexplained !== null && unexplained >= suspects.length
  return ended.map(life => {
    if (!suspects.includes(life)) return null
    const kills = isCertain ? (suspects.length === 1 ? unexplained : 1) : 0
    const { bytes, from } = peakSeenOf(life)
    return {
      kills,
      cause: 'not_counted',
      peakBytes: bytes,
      peakFrom: from,
      limitBytes: life.limitBytes,
      victim: isCertain ? 'pid1' : 'unknown',
      countedBy: unexplained === null ? null : witness,
      evidence: null
    }
  })
}

function isNearLimit ({ last: { memory: { currentBytes } }, limitBytes }: EndedLife): boolean {
  return currentBytes !== null && limitBytes !== null && currentBytes >= NEAR_LIMIT_SHARE * limitBytes
}

/** The kernel's own peak, too, is only known as of the last look. */
function peakSeenOf ({ last, highestBytes }: EndedLife): Peak {
  return sampledPeak(last.memory.peakBytes ?? highestBytes)
}

export function textOf (attribution: Attribution): string {
  const { countedBy, kills, evidence } = attribution
  const victim = attribution.victim === null ? 'not known yet' : names[attribution.victim]
  const memory = memoryWords(attribution)
  if (evidence !== null) return `${causeWords(evidence)}: oom_kill +${kills}, ${memory}, victim: ${victim}`
  if (countedBy === null) return `ended near its memory limit, ${memory}; whether it was killed is not known: the kernel's count went with its cgroup`
  const where = countedBy === 'parent' ? 'the cgroup above' : 'the host'
  return kills === 0
    ? `may have been OOM-killed: several containers ended while ${where} counted oom_kill; ${memory}, victim: not known`
    : `OOM-killed: oom_kill +${kills}, counted by ${where} as it ended, ${memory}, victim: ${victim}`
}

/** The cause, with the counts that show it. */
function causeWords ({ cause, kills, ooms, limit, version }: OomEvidence): string {
  const count = ooms === null ? '' : ` (oom +${ooms})`
  switch (cause) {
    case 'own_limit': return `killed by ${limit === 'max' ? 'a memory limit inside it' : 'its own memory limit'}${count}`
    case 'not_own_limit': return `killed by the OOM killer; ${limit === 'max' ? 'it has no limit of its own' : 'its own limit was not the reason'}${count}`
    case 'not_counted': return ooms === null
      ? `killed by the OOM killer; ${version === 'v2' ? 'this kernel' : 'cgroup v1'} does not count whether its own limit or one above it was the reason`
      : `killed by the OOM killer; not every one of these kills was for its own limit (oom +${ooms}, oom_kill +${kills})`
  }
}

const names = { child: 'a child', pid1: 'PID 1 (the container ended)', unknown: 'not known' }

function memoryWords ({ peakBytes, peakFrom, limitBytes, evidence }: Attribution): string {
  const peak = `${peakName(peakFrom)} = ${mebibytes(peakBytes)}`
  return evidence?.limit === 'max' ? peak : `${peak} of ${mebibytes(limitBytes)}`
}

function mebibytes (bytes: number | null): string {
  return bytes === null ? '?' : `${Math.round(bytes / 2 ** 20)} MiB`
}
