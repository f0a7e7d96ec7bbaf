import { oomBetween, type OomEvidence } from '#cgroup/oom-cause.ts'
import { maxKnown } from '#cgroup/peak.ts'
import type { Usage } from '#shared/jobs/job.ts'
import { usageBetween, type UsageReading } from './usage.ts'

const SAMPLE_MS = 50
/**
 * The kernel counts that a limit was met before it counts the kill, and a sample may fall in between. Counts older than
 * this belong to something else.
 */
const EVIDENCE_US = 1_000_000

/** Measures what the worker's container uses while one job runs. */
export class Meter {
  readonly #read: () => UsageReading
  readonly #before: UsageReading
  readonly #timer: NodeJS.Timeout
  #highestBytes: number | null = null
  /** The readings of the last second, and the one before them. */
  #recent: UsageReading[]

  constructor (read: () => UsageReading) {
    this.#read = read
    this.#before = read()
    this.#recent = [this.#before]
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS)
  }

  stop (): { usage: Usage, oom: OomEvidence } {
    clearInterval(this.#timer)
    const after = this.#read()
    return { usage: usageBetween(this.#before, after, this.#highestBytes), oom: this.#evidence(after) }
  }

  /**
   * The evidence of the last second, in which a process that is now dead was killed. If the worker was too busy to
   * sample in time, the evidence of the whole job.
   */
  #evidence (after: UsageReading): OomEvidence {
    const latest = oomBetween(recentOf(this.#recent, after)[0] ?? this.#before, after)
    return (latest.kills ?? 0) > 0 ? latest : oomBetween(this.#before, after)
  }

  /** Skips a reading that fails: an exception in a timer would end the worker. */
  #sample (): void {
    try {
      const reading = this.#read()
      this.#highestBytes = maxKnown(this.#highestBytes, reading.memory.currentBytes)
      this.#recent = [...recentOf(this.#recent, reading), reading]
    } catch {
      // `stop` reads once more, and reports a fault that persists.
    }
  }
}

function recentOf (readings: UsageReading[], now: UsageReading): UsageReading[] {
  const lastBefore = readings.findLastIndex(({ monotonicUs }) => now.monotonicUs - monotonicUs > EVIDENCE_US)
  return readings.slice(Math.max(0, lastBefore))
}
