import { oomBetween } from '#cgroup/oom-cause.ts'
import { peakOf } from '#cgroup/peak.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { Moment } from '#lab/clock.ts'
import type { EventLog } from '#lab/events.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { DecidedKill, LabEvent, OomKill } from '#lab/wire/live.ts'
import {
  attributeEnds, attributeNews, attributeRise, textOf,
  type Attribution, type Decided, type EndedLife, type OwnKill
} from './attribution.ts'
import { UnexplainedKills, type Witness } from './witness.ts'

export interface EndedContainer extends EndedLife { watched: WatchedContainer }

interface Deps {
  witnessOf: (path: string) => Witness
  events: EventLog
  after: (ms: number, run: () => void) => void
  /** Called once for each kill, when its victim is known. */
  onKills: (service: string, oom: DecidedKill) => void
}

/**
 * How long after a kill was seen it is decided whether the container still runs: long enough for a process to die and
 * for the others to be gone. The kill itself is reported at once.
 */
const VICTIM_MS = 300

/** Reports every OOM kill once, with its evidence, and later whom it hit. */
export class OomWatch {
  readonly #deps: Deps
  readonly #unexplained = new Map<Witness, UnexplainedKills>()

  constructor (deps: Deps) {
    this.#deps = deps
  }

  /** Called after each look at `containers`. `ended`: those of their lives that had ended when they were looked at. */
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
    if (last.pids.current === 0) return this.#report(watched, attributeRise(kill, 0))
    const event = this.#tell(watched, attributeNews(kill))
    this.#deps.after(VICTIM_MS, () => this.#complete(event, attributeRise(kill, tasksLeftIn(watched, last))))
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

  #report (watched: WatchedContainer, attribution: Decided): void {
    this.#tell(watched, attribution)
    this.#deps.onKills(watched.found.service, decidedKillOf(attribution))
  }

  #tell ({ found: { id, service, name } }: WatchedContainer, attribution: Attribution): LabEvent {
    const known = { text: textOf(attribution), oom: killOf(attribution) }
    return this.#deps.events.add({ kind: 'oom_kill', containerId: id, service, name, ...known })
  }

  /** `onKills` is called only now, because kills are counted by victim, and each of them once. */
  #complete (event: LabEvent, attribution: Decided): void {
    const oom = decidedKillOf(attribution)
    this.#deps.events.update(event, { text: textOf(attribution), oom })
    this.#deps.onKills(event.service, oom)
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

function killOf ({ countedBy: _, evidence: __, ...oom }: Attribution): OomKill {
  return oom
}

function decidedKillOf (attribution: Decided): DecidedKill {
  return { ...killOf(attribution), victim: attribution.victim }
}

function tasksLeftIn (watched: WatchedContainer, life: Reading): number | null {
  try {
    return watched.tasksNow(life)
  } catch {
    return null
  }
}
