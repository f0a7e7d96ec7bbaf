import { over, riseInLife, riseOverLives, shareOf, type Total } from '#cgroup/counters.ts'
import type { EffectiveLimits, Limit, Limits } from '#cgroup/reading.ts'
import { unknownLimits } from '#cgroup/reading.ts'
import type { Phase, RecordedContainer, RecordedSeries, Recording } from '#lab/wire/experiments.ts'
import type { LabEvent } from '#lab/wire/live.ts'
import type { Job } from '#shared/jobs/job.ts'

/** From and to, in seconds since the start of the run. */
export type Window = readonly [number, number]

/** A job that has ended, as the API describes it. */
export type EndedJob = Pick<Job, 'id' | 'kind' | 'status' | 'attempts' | 'usage' | 'result' | 'error'>

/** A recording, with the questions that a judgement asks. */
export class Evidence {
  readonly recording: Recording
  readonly #byService = new Map<string, ServiceReadings>()

  constructor (recording: Recording) {
    this.recording = recording
  }

  get services (): string[] {
    return [...new Set(this.recording.containers.map(({ service }) => service))]
  }

  get events (): LabEvent[] { return this.recording.events }

  /** The readings of a service's container. */
  of (service: string): ServiceReadings {
    const known = this.#byService.get(service)
    if (known !== undefined) return known
    const readings = new ServiceReadings(service, this.recording)
    this.#byService.set(service, readings)
    return readings
  }

  /** From and to of a phase. A phase that was not reached has an empty window before the first reading. */
  window (name: Phase): Window {
    const phase = this.recording.phases.find(phase => phase.name === name)
    return phase === undefined ? [0, 0] : [phase.fromSeconds, phase.toSeconds]
  }
}

/** The readings of one service, with the questions that a judgement asks. `null` wherever the readings do not say. */
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

  /** The CPUs that its own `cpu.max` allows. */
  get quotaCores (): Limit {
    const { cpuMax } = this.limits
    if (cpuMax === null) return null
    return cpuMax.quotaUs === 'max' ? 'max' : cpuMax.quotaUs / cpuMax.periodUs
  }

  /** How many lives were seen: one more than the restarts. 0 if it was never read. */
  get lives (): number {
    return new Set(this.#containers.flatMap(({ life }) => life)).size
  }

  /** How much a total rose, over restarts too: from the last reading before the window to the last one in it. */
  rise (series: RecordedSeries, [fromSeconds, toSeconds]: Window): number | null {
    const points = this.#points(series)
    const before = points.findLastIndex(({ at }) => at <= fromSeconds)
    return riseOverLives(points.slice(Math.max(0, before)).filter(({ at }, i) => i === 0 || at <= toSeconds))
  }

  /** A total's rise per second within the window, between readings of one life. */
  perSecond (series: RecordedSeries, window: Window): number | null {
    const inside = this.#pointsIn(series, window)
    const [first, last] = [inside[0], inside.at(-1)]
    if (first === undefined || last === undefined || first.at === last.at) return null
    return over(riseInLife(first, last), last.at - first.at)
  }

  /** CPUs in use: 0.5 = half of one. */
  cores (window: Window): number | null {
    const usPerSecond = this.perSecond('cpuUsageUs', window)
    return usPerSecond === null ? null : usPerSecond / 1e6
  }

  /** The share of the periods with a wish for CPU in which it was stopped. */
  throttledShare (window: Window): number | null {
    return shareOf(this.rise('nrThrottled', window), this.rise('nrPeriods', window))
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

  /** The value of one series when another one was at its highest in the window. */
  atMaxOf (highest: RecordedSeries, series: RecordedSeries, window: Window): number | null {
    const top = this.max(highest, window)
    const at = this.#pointsIn(highest, window).find(({ value }) => value === top)?.at
    return this.#points(series).find(point => point.at === at)?.value ?? null
  }

  /** The lowest value of one series among the readings in which another one was at least `atLeast`. */
  minWhere (series: RecordedSeries, { of, atLeast }: Threshold, window: Window): number | null {
    const high = new Set(this.#points(of).filter(({ value }) => value >= atLeast).map(({ at }) => at))
    const points = this.#pointsIn(series, window).filter(({ at }) => high.has(at))
    return extreme(points.map(({ value }) => value), Math.min)
  }

  #values (series: RecordedSeries, window: Window): number[] {
    return this.#pointsIn(series, window).map(({ value }) => value)
  }

  #pointsIn (series: RecordedSeries, [fromSeconds, toSeconds]: Window): Point[] {
    return this.#points(series).filter(({ at }) => at >= fromSeconds && at <= toSeconds)
  }

  #points (series: RecordedSeries): Point[] {
    return this.#containers.flatMap(({ atSeconds, life, series: columns }) => atSeconds
      .map((at, i) => ({ at, life: life[i]!, value: columns[series][i] }))
      .filter((point): point is Point => point.value != null))
  }
}

/** Readings in which a series was at least so high. */
export interface Threshold { of: RecordedSeries, atLeast: number }

interface Point extends Total { at: number }

function extreme (values: number[], of: (...values: number[]) => number): number | null {
  return values.length === 0 ? null : of(...values)
}
