import { isDeepStrictEqual } from 'node:util'
import type { Cgroup, Extent, OomKills } from '#cgroup/cgroup.ts'
import type { Fault } from '#cgroup/fault.ts'
import type { EffectiveLimits, Reading } from '#cgroup/reading.ts'
import type { Moment, Time } from '#lab/clock.ts'
import type { Found } from '#lab/observing/containers/discovery.ts'

/** Parts of a stage for a test in which no limit is changed. */
export const limitsStay = {
  changes: { request: notHere, putBack: notHere },
  sweeps: { run: notHere }
}

async function notHere (): Promise<never> { throw new Error('no limit is changed here') }

/** 64 digits that begin with these. */
export function idOf (digits: string): string {
  return digits.padEnd(64, '0')
}

export function foundOf (given: Partial<Found> = {}): Found {
  const id = given.id ?? idOf('a1')
  return {
    id,
    path: `/docker/${id}`,
    service: 'api',
    name: 'lab-api-1',
    number: 1,
    project: 'lab',
    isNew: false,
    ...given
  }
}

/** The moment this many milliseconds after the first. */
export function momentAt (ms: number): Moment {
  return { atMs: 1_700_000_000_000 + ms, monotonicMs: ms }
}

export const halfACpu: EffectiveLimits = {
  cpuCores: { cores: 0.5, from: 'own' },
  memory: { bytes: 256 * 2 ** 20, from: 'own' },
  swap: { bytes: 0, from: 'own' },
  pids: { max: 100, from: 'own' }
}

/** Returns the reading it was last set to. */
export class FakeCgroup implements Cgroup {
  readonly path = '/docker/fake'
  isClosed = false
  /** How often it was read without an earlier reading. */
  allLimitsAsked = 0
  effectiveAsked = 0
  /** The extent of each reading. */
  readonly extents: Extent[] = []
  now: Reading | null | Error
  /** The files that could not be read. */
  faulty: Fault[] = []
  effective: EffectiveLimits | null = halfACpu

  constructor (now: Reading | null | Error = null) {
    this.now = now
  }

  /** Carries limits over as a cgroup does. */
  read (earlier: Reading | null = null, extent: Extent = 'full'): Reading | null {
    this.extents.push(extent)
    if (earlier === null) this.allLimitsAsked++
    if (this.now instanceof Error) throw this.now
    if (this.now === null || this.now.inode !== earlier?.inode) return this.now
    return isDeepStrictEqual(this.now.limits, earlier.limits) ? { ...this.now, limits: earlier.limits } : this.now
  }

  oomKills (): OomKills | null {
    if (this.now instanceof Error) throw this.now
    return this.now === null ? null : { inode: this.now.inode, count: this.now.memory.events.oomKill }
  }

  effectiveLimits (): EffectiveLimits | null {
    this.effectiveAsked++
    return this.effective
  }

  faults (): Fault[] { return this.faulty }

  close (): void { this.isClosed = true }
}

/** Lets promises settle. */
export function settled (): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve) })
}

/** A clock that moves only when a test advances it, and runs what is due on its way. */
export class FakeTime implements Time {
  #nowMs = 0
  #timers: Array<{ atMs: number, run: () => void }> = []

  nowMs = (): number => this.#nowMs
  moment = (): Moment => momentAt(this.#nowMs)

  after = (ms: number, run: () => void) => {
    const timer = { atMs: this.#nowMs + ms, run }
    this.#timers.push(timer)
    return { cancel: () => { this.#timers = this.#timers.filter(other => other !== timer) } }
  }

  /** Time passes while the process is busy: nothing runs meanwhile. */
  block (ms: number): void { this.#nowMs += ms }

  advance (ms: number): void {
    const untilMs = this.#nowMs + ms
    while (this.#runNext(untilMs));
    this.#nowMs = Math.max(this.#nowMs, untilMs)
  }

  /** As `advance`, but before each timer promises settle, as they do between two timers of a real clock. */
  async advanceSlowly (ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    do await settled(); while (this.#runNext(untilMs))
    this.#nowMs = Math.max(this.#nowMs, untilMs)
  }

  #runNext (untilMs: number): boolean {
    const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
    if (next === undefined) return false
    this.#timers = this.#timers.filter(timer => timer !== next)
    this.#nowMs = Math.max(this.#nowMs, next.atMs)
    next.run()
    return true
  }
}
