import { oomBetween } from '#cgroup/oom-cause.ts'
import { peakOf } from '#cgroup/peak.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { Moment } from '#lab/clock.ts'
import type { EventLog } from '#lab/events.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { OomKill } from '#lab/wire/live.ts'
import { textOf, attributeRise, attributeEnds, type EndedLife, type OwnKill, type Attribution } from './attribution.ts'
import { UnexplainedKills, type Witness } from './witness.ts'

export interface EndedContainer extends EndedLife { watched: WatchedContainer }

interface Deps {
  witnessOf: (path: string) => Witness
  events: EventLog
  after: (ms: number, run: () => void) => void
  onKills: (service: string, oom: OomKill) => void
}

/**
 * How long after a kill was seen it is decided whether the container still runs. This is long enough for its other
 * processes to be gone, and short enough to report the kill within half a second at four samples a second.
 */
const VICTIM_MS = 150

/** Reports every OOM kill once, with its evidence. */
export class OomWatch {
  readonly #deps: Deps
  readonly #unexplained = new Map<Witness, UnexplainedKills>()

  constructor (deps: Deps) {
    this.#deps = deps
  }

  /** Called after each sample. `ended`: the lives that ended since the sample before. */
  judge (containers: Iterable<WatchedContainer>, ended: EndedContainer[], now: Moment): void {
    const explained = new Map<Witness, number>()
    for (const watched of containers) {
      const witness = this.#deps.witnessOf(watched.found.path)
      explained.set(witness, (explained.get(witness) ?? 0) + watched.newKills)
      if (watched.newKills > 0) this.#findVictim(watched, watched.last!, now)
    }
    for (const [witness, kills] of explained) {
      this.#balanceOf(witness).update(witness.kills(), kills, now.monotonicMs)
      const lives = ended.filter(({ watched }) => this.#deps.witnessOf(watched.found.path) === witness)
      if (lives.length > 0) this.#judgeEnds(witness, lives, now)
    }
  }

  #findVictim (watched: WatchedContainer, last: Reading, now: Moment): void {
    const kill = ownKillOf(watched, last)
    watched.noteOomKills(kill.kills, now)
    const decide = (tasksLeft: number | null) => this.#report(watched, attributeRise(kill, tasksLeft))
    if (last.pids.current === 0) decide(0)
    else this.#deps.after(VICTIM_MS, () => decide(tasksLeftIn(watched)))
  }

  #judgeEnds (witness: Witness, lives: EndedContainer[], now: Moment): void {
    const balance = this.#balanceOf(witness)
    for (const [i, attribution] of attributeEnds(lives, balance.count, witness.kind).entries()) {
      if (attribution === null) continue
      const { watched } = lives[i]!
      balance.take(attribution.kills)
      watched.noteOomKills(attribution.kills, now)
      this.#report(watched, attribution)
    }
  }

  #report ({ found: { id, service, name } }: WatchedContainer, attribution: Attribution): void {
    const { countedBy: _, evidence: __, ...oom } = attribution
    this.#deps.onKills(service, oom)
    this.#deps.events.add({ kind: 'oom_kill', containerId: id, service, name, text: textOf(attribution), oom })
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

/** The container's own limit; where that is not known yet, the effective one. */
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
