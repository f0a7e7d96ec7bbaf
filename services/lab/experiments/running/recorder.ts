import { monotonicUs } from '#cgroup/derived.ts'
import type { CgroupVersion, Reading } from '#cgroup/reading.ts'
import { valueIn } from '#lab/experiments/series.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import {
  recordedSeries,
  type Phase,
  type RecordedContainer,
  type RecordedEvent,
  type Recording
} from '#lab/wire/experiments.ts'
import type { LabEvent } from '#lab/wire/live.ts'

/** Records every reading of every container during a run. */
export class Recorder {
  readonly #startedUs = monotonicUs()
  readonly #version: CgroupVersion
  readonly #containers = new Map<string, RecordedContainer>()
  readonly #lastUs = new Map<string, number>()
  readonly #phases: Recording['phases'] = []
  readonly #events: RecordedEvent[] = []
  readonly #health: Recording['health'] = []

  constructor (version: CgroupVersion) {
    this.#version = version
  }

  /** After each sample. */
  recordReadings (containers: Iterable<WatchedContainer>): void {
    for (const watched of containers) {
      if (!watched.isAway && watched.last !== null) this.#add(watched, watched.last)
    }
  }

  recordEvent (event: LabEvent): void {
    this.#events.push({ ...event, atSeconds: this.seconds() })
  }

  /** More is known of an event, which keeps its time. If it happened before the run, it is not recorded. */
  recordUpdate (event: LabEvent): void {
    const at = this.#events.findIndex(({ id }) => id === event.id)
    const recorded = this.#events[at]
    if (recorded !== undefined) this.#events[at] = { ...recorded, ...event }
  }

  recordHealth (down: string[]): void {
    this.#health.push({ atSeconds: this.seconds(), down })
  }

  begin (name: Phase): void {
    const atSeconds = this.seconds()
    const last = this.#phases.at(-1)
    if (last !== undefined) last.toSeconds = atSeconds
    this.#phases.push({ name, fromSeconds: atSeconds, toSeconds: Infinity })
  }

  /** Since the start of the run. */
  seconds (): number {
    return this.#secondsAt(monotonicUs())
  }

  /** When a service's container was read last, in seconds since the start of the run. `null`: it was not. */
  lastReadSeconds (service: string): number | null {
    const own = [...this.#containers.values()].findLast(container => container.service === service)
    return own?.atSeconds.at(-1) ?? null
  }

  /** How often the one of these services that was read least was read after `fromSeconds`. */
  fewestReadings (services: string[], fromSeconds: number): number {
    const recent = [...this.#containers.values()].map(({ service, atSeconds }) =>
      ({ service, count: atSeconds.filter(at => at > fromSeconds).length }))
    const countOf = (name: string): number =>
      recent.reduce((sum, { service, count }) => service === name ? sum + count : sum, 0)
    return Math.min(...services.map(countOf))
  }

  /** The recording so far. The current phase ends now. */
  recording (): Recording {
    const now = this.seconds()
    return {
      cgroupVersion: this.#version,
      phases: this.#phases.map(phase => ({ ...phase, toSeconds: Math.min(phase.toSeconds, now) })),
      containers: [...this.#containers.values()],
      events: [...this.#events],
      health: [...this.#health]
    }
  }

  #add (watched: WatchedContainer, reading: Reading): void {
    const { found: { id, service, name } } = watched
    if (this.#lastUs.get(id) === reading.monotonicUs) return
    this.#lastUs.set(id, reading.monotonicUs)
    let container = this.#containers.get(id)
    if (container === undefined) this.#containers.set(id, container = emptyContainer(service, name, watched))
    container.limits = reading.limits
    container.effective = watched.effective
    container.atSeconds.push(this.#secondsAt(reading.monotonicUs))
    container.life.push(reading.inode)
    for (const name of recordedSeries) container.series[name].push(valueIn(reading, name))
  }

  /** Rounded to milliseconds, which is finer than the spacing of readings. */
  #secondsAt (us: number): number {
    return Math.round((us - this.#startedUs) / 1000) / 1000
  }
}

function emptyContainer (service: string, name: string, { last, effective }: WatchedContainer): RecordedContainer {
  const series = Object.fromEntries(
    recordedSeries.map(name => [name, [] as Array<number | null>])
  ) as RecordedContainer['series']
  return { service, name, limits: last!.limits, effective, atSeconds: [], life: [], series }
}
