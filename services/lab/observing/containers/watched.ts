import { isDeepStrictEqual } from 'node:util'
import { includesExtent, type Cgroup, type Extent } from '#cgroup/cgroup.ts'
import { maxKnown } from '#cgroup/peak.ts'
import type { EffectiveLimits, Limits, Reading } from '#cgroup/reading.ts'
import type { Moment } from '#lab/observing/sampling/moment.ts'
import type { Found } from './discovery.ts'

/** What one look told about the life of a container. */
export type Change = 'none' | 'ended' | 'began' | 'restarted'

/**
 * What is told per second is of one: ten periods of the usual 100 ms. In the 250 ms of a sample are two refills of the
 * quota or three, so that who uses all of 0.5 CPUs would seem to use 0.4 and 0.6 in turn.
 */
const RATES_WINDOW_MS = 1000
/**
 * Right after a start the engine is still writing the limits; until then all of them are read again with every look.
 */
const SETTLING_MS = 2000
/** After that those that seldom change are read this often: weight, CPU set, swap. */
const ALL_LIMITS_MS = 5000
/** And those of the cgroups above, which hardly ever do; or all of them, while only the core is read. */
const LIMITS_ABOVE_MS = 30_000

/** What is counted of a container's name: a container that is made anew goes on with it. */
export interface Tally { restarts: number, oomKills: number }

/** One container of the stack, through all its restarts. */
export class WatchedContainer {
  readonly found: Found
  readonly firstSeenAtMs: number
  readonly tally: Tally
  lastOomKillMs: number | null = null
  /** `null`: it was never read. Stays what it was when the container ended. */
  last: Reading | null = null
  effective: EffectiveLimits | null = null
  /** Only of a life that began under our eyes. */
  began: Moment | null = null
  /** Its life followed one that ended, or was cut off. */
  isRestarted = false
  endedMs: number | null = null
  /** Kills counted between the two latest readings. */
  newKills = 0
  /**
   * From where on counts tell of a kill in `last`: the newest reading that is more than a second older, because the
   * kernel counts that a limit was met before it kills, and a reading may come in between. `null`: this life of it
   * began after that, with counts of 0.
   */
  countsFrom: Reading | null = null
  /** The highest usage that was read in this life of it: all that is known of its peak where the kernel keeps none. */
  highestBytes: number | null = null
  readonly #cgroup: Cgroup
  #recent: Reading[] = []
  #lastExtent: Extent = 'core'
  /** Since `last`. */
  #between: { extent: Extent, reading: Reading | null } | null = null
  #allLimitsMs = -Infinity
  #limitsAboveMs = -Infinity
  /** The last count of kills that this life of it told: one look may have none, for a fault of that file. */
  #kills: number | null = null
  /** What `effective` was made of. */
  #ownThen: Limits | null = null

  constructor (found: Found, cgroup: Cgroup, now: Moment, tally: Tally = { restarts: 0, oomKills: 0 }) {
    this.found = found
    this.tally = tally
    this.firstSeenAtMs = now.atMs
    this.began = found.isNew ? now : null
    this.#cgroup = cgroup
  }

  get isAway (): boolean { return this.endedMs !== null }
  /** Something of it could not be had or understood when it was last read. */
  get isFaulty (): boolean { return this.#cgroup.faults().length > 0 }

  look (now: Moment, extent: Extent): Change {
    this.newKills = 0
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
    return change
  }

  /**
   * The newest reading of at least this extent: `last`, or one outside the schedule if `last` has less. Of those one is
   * enough until the next look, and nothing is counted by it. `null`: there is none, or this life of it is over.
   */
  newest (extent: Extent): Reading | null {
    if (this.last === null || this.isAway) return null
    if (includesExtent(this.#lastExtent, extent)) return this.last
    if (this.#between === null || !includesExtent(this.#between.extent, extent)) this.#between = { extent, reading: this.#readBetween(this.last, extent) }
    return this.#between.reading
  }

  /**
   * Tasks in it at this moment, none if this life of it is over; `null`: nobody counts them. Outside the schedule, and
   * leaves no trace.
   */
  tasksNow (): number | null {
    const reading = this.#cgroup.read(this.last, 'core')
    return reading === null || reading.inode !== this.last?.inode ? 0 : reading.pids.current
  }

  /** The oldest reading of the last second, `last` excepted. */
  aSecondAgo (): Reading | null {
    const oldest = this.#recent[0]
    return oldest === this.last ? null : oldest ?? null
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
    // A life that began under our eyes began at 0; what an older one had counted before is not ours to tell.
    const earlier = this.#kills ?? (this.began === null ? oomKill : 0)
    this.newKills = Math.max(0, (oomKill ?? 0) - (earlier ?? 0))
    this.#kills = oomKill ?? this.#kills
    const oldestUs = reading.monotonicUs - RATES_WINDOW_MS * 1000
    if (this.last === null && this.began === null) this.countsFrom = reading
    while (this.#recent.length > 0 && this.#recent[0]!.monotonicUs < oldestUs - SLACK_US) this.countsFrom = this.#recent.shift()!
    this.highestBytes = maxKnown(this.highestBytes, reading.memory.currentBytes)
    this.last = reading
    this.#recent.push(reading)
  }

  #isSettling (now: Moment): boolean {
    return this.began !== null && now.monotonicMs - this.began.monotonicMs < SETTLING_MS
  }

  /** They were all read, because it was time to or because one had changed. */
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

/** A reading a little more than a second old still counts as one of the last second. */
const SLACK_US = 50_000
