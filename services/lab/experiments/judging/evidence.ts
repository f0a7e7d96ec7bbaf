import type { EffectiveLimits, Limit, Limits } from '#cgroup/reading.ts'
import { unknownLimits } from '#cgroup/reading.ts'
import type { Phase, RecordedContainer, RecordedSeries, Recording } from '#lab/wire/experiments.ts'
import type { LabEvent } from '#lab/wire/live.ts'
import type { Job } from '#shared/jobs/job.ts'

/** From and to, in seconds since the start of the run. */
export type Window = readonly [number, number]

/** A job that has ended, as the API tells it. */
export type EndedJob = Pick<Job, 'id' | 'kind' | 'status' | 'attempts' | 'usage' | 'result' | 'error'>

/** A recording, as a judgement asks it. */
export class Evidence {
  readonly recording: Recording
  readonly #tracks = new Map<string, ServiceReadings>()

  constructor (recording: Recording) {
    this.recording = recording
  }

  get services (): string[] {
    return [...new Set(this.recording.containers.map(({ service }) => service))]
  }

  get events (): LabEvent[] { return this.recording.events }

  /** Until when it was recorded, in seconds since the start of the run. */
  get seconds (): number { return this.recording.phases.at(-1)?.toSeconds ?? 0 }

  /** The readings of a service's container. */
  of (service: string): ServiceReadings {
    let track = this.#tracks.get(service)
    if (track === undefined) this.#tracks.set(service, track = new ServiceReadings(service, this.recording))
    return track
  }

  /** When a phase was; an empty window before the first reading where it was not. */
  window (name: Phase): Window {
    const phase = this.recording.phases.find(phase => phase.name === name)
    return phase === undefined ? [0, 0] : [phase.fromSeconds, phase.toSeconds]
  }
}

/** The readings of one service, asked in the words of a judgement. `null` wherever the readings do not say. */
export class ServiceReadings {
  readonly service: string
  readonly version: Recording['cgroupVersion']
  readonly #containers: RecordedContainer[]

  constructor (service: string, recording: Recording) {
    this.service = service
    this.version = recording.cgroupVersion
    this.#containers = recording.containers.filter(container => container.service === service)
  }

  get limits (): Limits { return this.#containers.at(-1)?.limits ?? unknownLimits }
  get effective (): EffectiveLimits | null { return this.#containers.at(-1)?.effective ?? null }

  /** What its own `cpu.max` allows, in CPUs. */
  get quotaCores (): Limit {
    const { cpuMax } = this.limits
    if (cpuMax === null) return null
    return cpuMax.quotaUs === 'max' ? 'max' : cpuMax.quotaUs / cpuMax.periodUs
  }

  /** How many lives were seen: one more than the restarts. 0: it was never read. */
  get lives (): number {
    return new Set(this.#containers.flatMap(({ life }) => life)).size
  }

  /** When it was read last, in seconds since the start of the run. */
  get lastSeconds (): number | null { return this.#containers.at(-1)?.atSeconds.at(-1) ?? null }

  /**
   * How much a total rose, over restarts too: each life counts from 0, the first from what it had before the window.
   */
  rise (series: RecordedSeries, window: Window): number | null {
    let sum: number | null = null
    for (const { from, to } of this.#steps(series, window)) sum = (sum ?? 0) + Math.max(0, to - from)
    return sum
  }

  /** A total's rise per second within the window, between readings of one life. */
  perSecond (series: RecordedSeries, window: Window): number | null {
    const inside = this.#points(series).filter(({ at }) => at >= window[0] && at <= window[1])
    const [first, last] = [inside[0], inside.at(-1)]
    if (first === undefined || last === undefined || first.at === last.at || first.life !== last.life) return null
    return (last.value - first.value) / (last.at - first.at)
  }

  /** CPUs in use: 0.5 = half of one. */
  cores (window: Window): number | null {
    const usPerSecond = this.perSecond('cpuUsageUs', window)
    return usPerSecond === null ? null : usPerSecond / 1e6
  }

  /** Of the periods in which it wanted CPU, the share in which it was stopped. */
  throttledShare (window: Window): number | null {
    const periods = this.rise('nrPeriods', window)
    const throttled = this.rise('nrThrottled', window)
    return periods === null || periods === 0 || throttled === null ? null : throttled / periods
  }

  max (series: RecordedSeries, window: Window): number | null {
    return extreme(this.#values(series, window), Math.max)
  }

  min (series: RecordedSeries, window: Window): number | null {
    return extreme(this.#values(series, window), Math.min)
  }

  mean (series: RecordedSeries, window: Window): number | null {
    const values = this.#values(series, window)
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  }

  /** What one series was when another was at its highest in the window. */
  atMaxOf (highest: RecordedSeries, series: RecordedSeries, window: Window): number | null {
    const top = this.max(highest, window)
    const at = this.#points(highest).find(({ at, value }) => value === top && at >= window[0] && at <= window[1])?.at
    return this.#points(series).find(point => point.at === at)?.value ?? null
  }

  /** The lowest of one series among the readings in which another one was so high. */
  minWhere (series: RecordedSeries, { of, atLeast }: { of: RecordedSeries, atLeast: number }, window: Window): number | null {
    const high = new Set(this.#points(of).filter(({ value }) => value >= atLeast).map(({ at }) => at))
    const values = this.#points(series).filter(({ at }) => high.has(at) && at >= window[0] && at <= window[1]).map(({ value }) => value)
    return extreme(values, Math.min)
  }

  #values (series: RecordedSeries, window: Window): number[] {
    return this.#points(series).filter(({ at }) => at >= window[0] && at <= window[1]).map(({ value }) => value)
  }

  #points (series: RecordedSeries): Point[] {
    return this.#containers.flatMap(({ atSeconds, life, series: columns }) => atSeconds
      .map((at, i) => ({ at, life: life[i]!, value: columns[series][i] }))
      .filter((point): point is Point => point.value != null))
  }

  /** From each reading to the next, from the last one before the window on. A new life begins at 0. */
  #steps (series: RecordedSeries, [fromSeconds, toSeconds]: Window): Array<{ from: number, to: number }> {
    const points = this.#points(series)
    const before = points.findLastIndex(({ at }) => at <= fromSeconds)
    const inside = points.slice(Math.max(0, before)).filter(({ at }, i) => i === 0 || at <= toSeconds)
    return inside.slice(1).map((point, i) => ({ from: inside[i]!.life === point.life ? inside[i]!.value : 0, to: point.value }))
  }
}

interface Point { at: number, life: number, value: number }

function extreme (values: number[], of: (...values: number[]) => number): number | null {
  return values.length === 0 ? null : of(...values)
}
