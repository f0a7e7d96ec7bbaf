import { isDeepStrictEqual } from 'node:util'
import { includesExtent, type Cgroup, type Extent } from '#cgroup/cgroup.ts'
import { maxKnown } from '#cgroup/peak.ts'
import type { EffectiveLimits, Limits, Reading } from '#cgroup/reading.ts'
import type { Moment } from '#lab/clock.ts'
import type { Found } from './discovery.ts'
import { LimitSteps } from './limit-steps.ts'

/** What one look found out about the life of a container. */
export type Change = 'none' | 'ended' | 'began' | 'restarted'

/**
 * Rates cover one second, ten CFS periods of the usual 100 ms. A 250 ms sample spans two or three quota refills, so a
 * container using its full 0.5 CPUs would appear to alternate between 0.4 and 0.6.
 */
const RATES_WINDOW_MS = 1000
/** Right after a start the engine is still writing the limits, so for this long every look reads all of them again. */
const SETTLING_MS = 2000
/** After that, limits that seldom change (weight, CPU set, swap) are read this often. */
const ALL_LIMITS_MS = 5000
/** The limits of the cgroups above hardly ever change. While only the core is read, all limits are read this often. */
const LIMITS_ABOVE_MS = 30_000

/** Counts that belong to a container's name: a container that is recreated continues them. */
export interface Tally { restarts: number, oomKills: number }

/** One container of the stack, through all its restarts. */
export class WatchedContainer {
  readonly found: Found
  readonly firstSeenAtMs: number
  readonly tally: Tally
  /** `null`: it was never read. Keeps its value when the container ends. */
  last: Reading | null = null
  effective: EffectiveLimits | null = null
  /** `effective` over time. */
  readonly limitSteps = new LimitSteps()
  /** The limits before, if the latest look found others. */
  limitsBefore: EffectiveLimits | null = null
  /** Only for a life that began while the lab was watching. */
  began: Moment | null = null
  /** This life followed an earlier one. */
  isRestarted = false
  endedMs: number | null = null
  /** Kills counted between the two latest readings. */
  newKills = 0
  /**
   * The reading that the counts of a kill in `last` are compared with: the newest one that is more than a second older.
   * The kernel counts that a limit was met before it kills, and a reading may be taken in between. `null`: this life
   * began after that, with counts of 0.
   */
  countsFrom: Reading | null = null
  /** The highest usage read in this life. Where the kernel keeps no peak, this is all that is known of it. */
  highestBytes: number | null = null
  readonly #cgroup: Cgroup
  #recent: Reading[] = []
  #lastExtent: Extent = 'core'
  /** What was read since `last`, outside the schedule. */
  #between: { extent: Extent, reading: Reading | null } | null = null
  #allLimitsMs = -Infinity
  #limitsAboveMs = -Infinity
  /** The last known count of kills in this life. A single look may lack it, when that file cannot be read. */
  #kills: number | null = null
  /** The own limits that `effective` was made from. */
  #ownThen: Limits | null = null
  #lastOomKillMs: number | null = null

  constructor (found: Found, cgroup: Cgroup, now: Moment, tally: Tally = { restarts: 0, oomKills: 0 }) {
    this.found = found
    this.tally = tally
    this.firstSeenAtMs = now.atMs
    this.began = found.isNew ? now : null
    this.#cgroup = cgroup
  }

  get isAway (): boolean { return this.endedMs !== null }
  get lastOomKillMs (): number | null { return this.#lastOomKillMs }
  /** Something in it could not be read or understood the last time. */
  get isFaulty (): boolean { return this.#cgroup.faults().length > 0 }

  look (now: Moment, extent: Extent): Change {
    this.newKills = 0
    this.limitsBefore = null
    this.#between = null
    const everyMs = extent === 'core' ? LIMITS_ABOVE_MS : ALL_LIMITS_MS
    const areAllDue = this.#isSettling(now) || now.monotonicMs - this.#allLimitsMs >= everyMs
    const known = areAllDue ? null : this.last
    const reading = this.#cgroup.read(known, extent)
    if (reading === null) return this.#noteAbsence(now)
    const change = this.#changeOf(reading)
    if (change === 'began' || change === 'restarted') this.#begin(now)
    this.#take(reading)
    this.#lastExtent = extent
    if (reading.limits !== known?.limits) this.#noteLimits(reading.limits, now)
    if (this.effective !== null) {
      this.limitsBefore = this.limitSteps.note(this.effective, now.monotonicMs, this.#isSettling(now))
    }
    return change
  }

  /**
   * The newest reading of at least this extent: `last`, or one outside the schedule if `last` has less. Until the next
   * look one such reading is enough, and nothing is counted from it. `null`: there is none, or this life is over.
   */
  newest (extent: Extent): Reading | null {
    if (this.last === null || this.isAway) return null
    if (includesExtent(this.#lastExtent, extent)) return this.last
    if (this.#between === null || !includesExtent(this.#between.extent, extent)) {
      this.#between = { extent, reading: this.#readBetween(this.last, extent) }
    }
    return this.#between.reading
  }

  /** Whether a look now would find a kill, or that this life is over. Nothing is counted from it. */
  hasNewsOfKills (): boolean {
    if (this.last === null || this.isAway) return false
    const now = this.#cgroup.oomKills()
    return now === null || now.inode !== this.last.inode || this.#newKillsIn(now.count) > 0
  }

  /** The number of tasks at this moment; 0 if that life is over, `null` if the kernel does not count them. */
  tasksNow (life = this.last): number | null {
    const reading = this.#cgroup.read(life, 'core')
    return reading === null || reading.inode !== life?.inode ? 0 : reading.pids.current
  }

  /** The oldest reading of the last second, `last` excepted. */
  aSecondAgo (): Reading | null {
    const oldest = this.#recent[0]
    return oldest === this.last ? null : oldest ?? null
  }

  /** 0 kills: some were suspected, but not counted. */
  noteOomKills (kills: number, now: Moment): void {
    this.tally.oomKills += kills
    if (kills > 0) this.#lastOomKillMs = now.monotonicMs
  }

  close (): void {
    this.#cgroup.close()
  }

  #readBetween (last: Reading, extent: Extent): Reading | null {
    const reading = this.#cgroup.read(null, extent)
    if (reading?.inode !== last.inode) return null
    if (!isDeepStrictEqual(reading.limits, this.#ownThen)) this.#makeEffective(reading.limits)
    return reading
  }

  #noteAbsence (now: Moment): Change {
    if (this.isAway) return 'none'
    this.endedMs = now.monotonicMs
    this.#recent = []
    return 'ended'
  }

  #changeOf (reading: Reading): Change {
    if (this.last === null) return 'none'
    if (this.isAway) return 'began'
    return reading.inode === this.last.inode ? 'none' : 'restarted'
  }

  #begin (now: Moment): void {
    this.tally.restarts++
    this.isRestarted = true
    this.began = now
    this.last = null
    this.#kills = null
    this.highestBytes = null
    this.countsFrom = null
    this.#recent = []
  }

  #take (reading: Reading): void {
    this.endedMs = null
    const oomKill = reading.memory.events.oomKill
    this.newKills = this.#newKillsIn(oomKill)
    this.#kills = oomKill ?? this.#kills
    const oldestUs = reading.monotonicUs - RATES_WINDOW_MS * 1000
    if (this.last === null && this.began === null) this.countsFrom = reading
    while (this.#recent.length > 0 && this.#recent[0]!.monotonicUs < oldestUs - SLACK_US) {
      this.countsFrom = this.#recent.shift()!
    }
    this.highestBytes = maxKnown(this.highestBytes, reading.memory.currentBytes)
    this.last = reading
    this.#recent.push(reading)
  }

  /** A life that began while the lab was watching began at 0. What an older one had counted before is not reported. */
  #newKillsIn (count: number | null): number {
    const earlier = this.#kills ?? (this.began === null ? count : 0)
    return Math.max(0, (count ?? 0) - (earlier ?? 0))
  }

  #isSettling (now: Moment): boolean {
    return this.began !== null && now.monotonicMs - this.began.monotonicMs < SETTLING_MS
  }

  /** Called when all limits were read, because they were due or because one had changed. */
  #noteLimits (own: Limits, now: Moment): void {
    this.#allLimitsMs = now.monotonicMs
    const isAboveDue = this.#isSettling(now) || now.monotonicMs - this.#limitsAboveMs >= LIMITS_ABOVE_MS
    if (!isAboveDue && isDeepStrictEqual(own, this.#ownThen)) return
    this.#limitsAboveMs = now.monotonicMs
    this.#makeEffective(own)
  }

  #makeEffective (own: Limits): void {
    this.effective = this.#cgroup.effectiveLimits(own) ?? this.effective
    this.#ownThen = own
  }
}

/** A reading that is older than a second by at most this much still counts as one of the last second. */
const SLACK_US = 50_000
