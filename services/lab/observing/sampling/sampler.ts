import { includesExtent, type Extent } from '#cgroup/cgroup.ts'
import type { Reading } from '#cgroup/reading.ts'
import { realTime, uptimeSeconds, type Moment } from '#lab/clock.ts'
import type { EventLog } from '#lab/events.ts'
import type { Found } from '#lab/observing/containers/discovery.ts'
import { limitChange } from '#lab/observing/containers/limit-steps.ts'
import type { Roster } from '#lab/observing/containers/roster.ts'
import type { Change, WatchedContainer } from '#lab/observing/containers/watched.ts'
import { limitOf, type EndedContainer, type OomWatch } from '#lab/observing/oom/watch.ts'
import type { LabEvent, Sample } from '#lab/wire/live.ts'
import type { Log } from '#shared/process/log.ts'
import { rowOf, type History } from './history.ts'
import { RESTARTING_MS } from './state.ts'
import { viewOf } from './view.ts'

interface Deps {
  roster: Roster
  history: History
  oom: OomWatch
  events: EventLog
  log: Log
  onRestart: (service: string) => void
  now?: () => Moment
}

interface Settings {
  services: string[]
  /** One sample in this many goes into the history. */
  historyEvery: number
}

const REPLACES = 'a new container in the place of one of this name'
/** Longer than the longest regular pause between two samples. */
const SILENT_MS = 5000

/** Reads every container of the stack and records what happened since the sample before. */
export class Sampler {
  seq = 0
  last: Moment | null = null
  readonly #deps: Deps
  readonly #settings: Settings
  readonly #now: () => Moment
  readonly #reportedGone = new WeakSet<WatchedContainer>()
  readonly #inHistory = new WeakMap<WatchedContainer, WatchedContainer['last']>()
  readonly #unreadable = new Set<WatchedContainer>()
  /** The extent of a reading that failed, since the fault was logged. */
  readonly #faults = new WeakMap<WatchedContainer, Extent>()

  constructor (deps: Deps, settings: Settings) {
    this.#deps = deps
    this.#settings = settings
    this.#now = deps.now ?? realTime.moment
  }

  /** How many containers could not be read, or only in part, in the last sample or after it. */
  get unreadable (): number {
    return [...this.watched].filter(watched => this.#unreadable.has(watched) || watched.isFaulty).length
  }

  get watched (): Iterable<WatchedContainer> { return this.#deps.roster.all }

  /** `false`: there is no room for it. */
  adopt (found: Found): boolean {
    const replaces = this.#deps.roster.hasName(found.name)
    const watched = this.#deps.roster.add(found, this.#now())
    if (watched === null) {
      this.#deps.log.warn({ name: found.name }, 'more containers than LAB_MAX_CONTAINERS; this one is not watched')
      return false
    }
    this.#deps.log.info({ name: found.name, id: found.id.slice(0, 12) }, 'watching')
    if (found.isNew) this.#report(watched, 'appeared', replaces ? `appeared: ${REPLACES}` : 'appeared')
    return true
  }

  /** History and the OOM watch need the core only; `Observer` asks for more while someone is watching. */
  take (extent: Extent): void {
    const now = this.#now()
    const ended: EndedContainer[] = []
    this.#unreadable.clear()
    for (const watched of this.#deps.roster.all) this.#look(watched, now, extent, ended)
    this.#deps.oom.judge(this.#deps.roster.all, ended, now)
    if (this.seq++ % this.#settings.historyEvery === 0) this.#keep(now)
    this.#deps.roster.forgetOld(now)
    this.last = now
  }

  /** Between two samples: reads those in which a process was killed, and those that ended, and judges them at once. */
  takeKilled (extent: Extent): void {
    const killed = [...this.#deps.roster.all].filter(hasNewsOfKills)
    if (killed.length === 0) return
    const now = this.#now()
    const ended: EndedContainer[] = []
    for (const watched of killed) this.#look(watched, now, extent, ended)
    this.#deps.oom.judge(killed, ended, now)
  }

  /** The newest sample as it is sent. It is made on demand. */
  view (): Sample {
    const now = this.last ?? this.#now()
    return {
      at: new Date(now.atMs).toISOString(),
      seq: this.seq,
      uptimeSeconds: uptimeSeconds(now.monotonicMs),
      containers: this.#deps.roster.shown(this.#settings.services, now)
        .map(watched => viewOf(watched, now, this.newest(watched, 'shown')))
    }
  }

  /** The newest reading of a container, of this extent if that can be read. `null`: it was never read. */
  newest (watched: WatchedContainer, extent: Extent): Reading | null {
    try {
      const newest = watched.newest(extent)
      this.#noteSuccess(watched, extent)
      return newest ?? watched.last
    } catch (err) {
      this.#noteFault(watched, extent, err)
      return watched.last
    }
  }

  /** Rejects when there has been no sample for a while. */
  async check (): Promise<void> {
    if (this.last === null || this.#now().monotonicMs - this.last.monotonicMs > SILENT_MS) {
      throw new Error('no samples are taken')
    }
  }

  #look (watched: WatchedContainer, now: Moment, extent: Extent, ended: EndedContainer[]): void {
    const { last, endedMs, highestBytes } = watched
    const change = this.#tryLook(watched, now, extent)
    if (last !== null && (change === 'ended' || change === 'restarted')) {
      ended.push({ watched, last, highestBytes, limitBytes: limitOf(watched, last) })
    }
    if (change === 'began' || change === 'restarted') {
      this.#reportRestart(watched, endedMs === null ? null : now.monotonicMs - endedMs)
    }
    const { limitsBefore, effective } = watched
    if (limitsBefore && effective) this.#report(watched, 'limits_changed', limitChange(limitsBefore, effective))
    if (watched.endedMs !== null && now.monotonicMs - watched.endedMs >= RESTARTING_MS) this.#reportGone(watched)
  }

  /** Reported once, and not for a container that has been replaced: its service lost nothing. */
  #reportGone (watched: WatchedContainer): void {
    if (this.#reportedGone.has(watched)) return
    this.#reportedGone.add(watched)
    if (!this.#deps.roster.isReplaced(watched)) this.#report(watched, 'gone', 'its cgroup is gone: stopped or removed')
  }

  /**
   * A directory that cannot be entered costs this container this sample, and does not affect the others. (A bad file
   * costs only its own values.)
   */
  #tryLook (watched: WatchedContainer, now: Moment, extent: Extent): Change {
    try {
      const change = watched.look(now, extent)
      this.#noteSuccess(watched, extent)
      return change
    } catch (err) {
      this.#noteFault(watched, extent, err)
      return 'none'
    }
  }

  #noteFault (watched: WatchedContainer, extent: Extent, err: unknown): void {
    this.#unreadable.add(watched)
    if (!this.#faults.has(watched)) this.#deps.log.warn({ err, name: watched.found.name }, 'cannot read a container')
    this.#faults.set(watched, extent)
  }

  /** A smaller extent did not retry the file that failed. */
  #noteSuccess (watched: WatchedContainer, extent: Extent): void {
    const failed = this.#faults.get(watched)
    if (failed !== undefined && includesExtent(extent, failed)) this.#faults.delete(watched)
  }

  #reportRestart (watched: WatchedContainer, awayMs: number | null): void {
    this.#reportedGone.delete(watched)
    this.#deps.onRestart(watched.found.service)
    const away = awayMs === null ? '' : `, away for about ${(awayMs / 1000).toFixed(1)} s`
    this.#report(watched, 'restarted', `restarted${away}; its counters begin at 0 again`)
  }

  #report ({ found: { id, service, name } }: WatchedContainer, kind: LabEvent['kind'], text: string): void {
    this.#deps.events.add({ kind, containerId: id, service, name, text, oom: null })
  }

  #keep (now: Moment): void {
    const { history } = this.#deps
    history.begin(now.monotonicMs / 1000, this.seq)
    for (const watched of this.#deps.roster.all) {
      if (watched.isAway || watched.last === null) continue
      history.put(watched.found.id, rowOf(watched, this.#inHistory.get(watched) ?? null))
      this.#inHistory.set(watched, watched.last)
    }
  }
}

/** A directory that cannot be entered is reported by the next sample. */
function hasNewsOfKills (watched: WatchedContainer): boolean {
  try {
    return watched.hasNewsOfKills()
  } catch {
    return false
  }
}
