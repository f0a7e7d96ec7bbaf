import { oomBetween } from '#cgroup/oom-cause.ts'
import { peakOf } from '#cgroup/peak.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { EventLog } from '#lab/events.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Moment } from '#lab/observing/sampling/moment.ts'
import type { OomKill } from '#lab/wire/live.ts'
import { textOf, verdictOfRise, verdictsOfEnds, type EndedLife, type OwnKill, type Verdict } from './attribution.ts'
import { UnexplainedKills, type Witness } from './witness.ts'

export interface Ended extends EndedLife { watched: WatchedContainer }

interface Deps {
  witnessOf: (path: string) => Witness
  events: EventLog
  after: (ms: number, run: () => void) => void
  onKills: (service: string, oom: OomKill) => void
}

/**
 * How long after a kill was seen it is decided whether the container lives on: long enough for its other processes to
 * be gone, short enough for the news to be out within half a second of the kill at four samples a second.
 */
const VICTIM_MS = 150

/** Tells every OOM kill once, with its evidence. */
export class OomWatch {
  readonly #deps: Deps
  readonly #unexplained = new Map<Witness, UnexplainedKills>()

  constructor (deps: Deps) {
    this.#deps = deps
  }

  /** After each sample: the containers, and the lives that ended since the sample before. */
  judge (containers: Iterable<WatchedContainer>, ended: Ended[], now: Moment): void {
    const explained = new Map<Witness, number>()
    for (const watched of containers) {
      const witness = this.#deps.witnessOf(watched.found.path)
      explained.set(witness, (explained.get(witness) ?? 0) + watched.newKills)
      if (watched.newKills > 0) this.#seeWhoDied(watched, watched.last!, now)
    }
    for (const [witness, kills] of explained) {
      this.#balanceOf(witness).update(witness.kills(), kills, now.monotonicMs)
      const lives = ended.filter(({ watched }) => this.#deps.witnessOf(watched.found.path) === witness)
      if (lives.length > 0) this.#judgeEnds(witness, lives, now)
    }
  }

  #seeWhoDied (watched: WatchedContainer, last: Reading, now: Moment): void {
    const kill = ownKillOf(watched, last)
    watched.tally.oomKills += kill.kills
    watched.lastOomKillMs = now.monotonicMs
    const decide = (tasksLeft: number | null) => this.#tell(watched, verdictOfRise(kill, tasksLeft))
    if (last.pids.current === 0) decide(0)
    else this.#deps.after(VICTIM_MS, () => decide(tasksLeftIn(watched)))
  }

  #judgeEnds (witness: Witness, lives: Ended[], now: Moment): void {
    const balance = this.#balanceOf(witness)
    for (const [i, verdict] of verdictsOfEnds(lives, balance.count, witness.kind).entries()) {
      if (verdict === null) continue
      const { watched } = lives[i]!
      balance.take(verdict.kills)
      watched.tally.oomKills += verdict.kills
      if (verdict.kills > 0) watched.lastOomKillMs = now.monotonicMs
      this.#tell(watched, verdict)
    }
  }

  #tell ({ found }: WatchedContainer, verdict: Verdict): void {
    const { source: _, evidence: __, ...oom } = verdict
    this.#deps.onKills(found.service, oom)
    this.#deps.events.add({ kind: 'oom_kill', containerId: found.id, service: found.service, name: found.name, text: textOf(verdict), oom })
  }

  #balanceOf (witness: Witness): UnexplainedKills {
    let balance = this.#unexplained.get(witness)
    if (balance === undefined) this.#unexplained.set(witness, balance = new UnexplainedKills())
    return balance
  }
}

function ownKillOf (watched: WatchedContainer, last: Reading): OwnKill {
  return {
    kills: watched.newKills,
    evidence: oomBetween(watched.countsFrom, last),
    peak: peakOf(last.memory.peakBytes, watched.highestBytes),
    limitBytes: limitOf(watched, last)
  }
}

/** Its own limit; where that is not known yet, the one that bound it. */
export function limitOf (watched: WatchedContainer, last: Reading): number | null {
  const own = last.limits.memoryMaxBytes
  return typeof own === 'number' ? own : watched.effective?.memory?.bytes ?? null
}

function tasksLeftIn (watched: WatchedContainer): number | null {
  try {
    return watched.tasksNow()
  } catch {
    return null
  }
}
