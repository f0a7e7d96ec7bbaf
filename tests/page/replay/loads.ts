/** Loads of the replay: the target answers as much as its quota allows, and what is due beyond that waits. */
import { randomUUID } from 'node:crypto'
import type { LatencyFigures, LoadFigures, LoadLive, LoadSpec, LoadView, TurnFigures } from '#lab/wire/load.ts'
import type { ReplayClock } from './clock.ts'
import type { World } from './world.ts'

const QUOTA_CORES = 0.5
const SECONDS_OF_CPU_AT_REST = 0.0005
const REPORTS_PER_SECOND = 4

const defaults: LoadSpec = {
  service: 'api',
  method: 'GET',
  path: '/',
  ratesPerSecond: [1],
  durationSeconds: 20,
  connections: 100,
  timeoutSeconds: 10
}

export class ReplayLoads {
  readonly all: LoadView[] = []
  readonly #clock: ReplayClock
  readonly #world: World
  readonly #onUpdate: (load: LoadView) => void
  #backlog = 0
  #done = { due: 0, succeeded: 0 }
  #slowestMs = 0

  constructor (clock: ReplayClock, world: World, onUpdate: (load: LoadView) => void) {
    this.#clock = clock
    this.#world = world
    this.#onUpdate = onUpdate
  }

  get running (): LoadView | null { return this.all.find(({ state }) => state === 'running') ?? null }

  start (request: Partial<LoadSpec>): LoadView {
    const load: LoadView = {
      id: randomUUID(),
      state: 'running',
      spec: { ...defaults, ...request },
      startedAt: this.#now(),
      startedUptimeSeconds: this.#clock.uptimeSeconds,
      finishedAt: null,
      live: null,
      summary: null,
      error: null
    }
    this.#backlog = 0
    this.#done = { due: 0, succeeded: 0 }
    this.#slowestMs = 0
    this.all.unshift(load)
    return load
  }

  cancel (id: string): LoadView | null {
    const load = this.all.find(load => load.id === id && load.state === 'running')
    if (load) this.#end(load, 'cancelled')
    return load ?? null
  }

  /** Goes on by a quarter of a second. */
  step (uptimeSeconds: number): void {
    const load = this.running
    if (load === null) return
    const atSeconds = uptimeSeconds - load.startedUptimeSeconds
    const rate = rateAt(load.spec, atSeconds)
    const cost = costOf(load.spec)
    const due = rate / REPORTS_PER_SECOND
    const answered = Math.min(this.#backlog + due, QUOTA_CORES / cost / REPORTS_PER_SECOND)
    this.#backlog += due - answered
    this.#done = { due: this.#done.due + due, succeeded: this.#done.succeeded + answered }
    this.#world.want(load.spec.service, 1, { cores: (this.#backlog > 1 ? 2 : 1.05) * rate * cost })
    load.live = this.#live(atSeconds, rate, answered * REPORTS_PER_SECOND, cost)
    this.#slowestMs = Math.max(this.#slowestMs, load.live.lastSecond.latency.maxMs ?? 0)
    this.#onUpdate(load)
    if (atSeconds >= load.spec.durationSeconds && this.#backlog < 1) this.#end(load, 'finished')
  }

  #live (atSeconds: number, rate: number, answeredPerSecond: number, cost: number): LoadLive {
    const waitMs = this.#backlog * cost / QUOTA_CORES * 1000
    const latency = figures(Math.round(answeredPerSecond), cost * 1000 * 1.3 + waitMs)
    return {
      atSeconds,
      inFlight: Math.min(100, Math.round(this.#backlog) + 1),
      waiting: Math.max(0, Math.round(this.#backlog) - 100),
      lastSecond: { sentPerSecond: rate, answeredPerSecond, failedPerSecond: 0, latency },
      total: this.#total()
    }
  }

  #end (load: LoadView, state: 'finished' | 'cancelled'): void {
    const seconds = Math.max(0.1, this.#clock.uptimeSeconds - load.startedUptimeSeconds)
    const total = this.#total()
    const { ratesPerSecond } = load.spec
    const due = Math.round(total.due / ratesPerSecond.length)
    const summary: LoadView['summary'] = {
      seconds,
      total,
      connections: connectionsOf(total),
      steps: ratesPerSecond.map(ratePerSecond => ({ ratePerSecond, ...total, due })),
      generator: generatorOf(total)
    }
    Object.assign(load, { state, finishedAt: this.#now(), summary })
    this.#world.want(load.spec.service, 1, null)
    this.#onUpdate(load)
  }

  #now (): string { return new Date(this.#clock.wallMs).toISOString() }

  #total (): LoadFigures {
    const due = Math.round(this.#done.due)
    const succeeded = Math.round(this.#done.succeeded)
    return {
      due,
      sent: due,
      succeeded,
      succeededWithinSecond: succeeded,
      failed: 0,
      statuses: { '2xx': succeeded, '3xx': 0, '4xx': 0, '5xx': 0 },
      timeouts: 0,
      connectionErrors: 0,
      missedSends: 0,
      latency: figures(succeeded, Math.max(1, this.#slowestMs / 2.2)),
      errorLatency: figures(0, 0)
    }
  }
}

type Summary = NonNullable<LoadView['summary']>

function connectionsOf ({ due, succeeded }: LoadFigures): Summary['connections'] {
  return {
    inTurn: true,
    text: '',
    wait: figures(due, 0.2),
    connect: figures(5, 0.5),
    first: turns(5),
    later: turns(succeeded - 5)
  }
}

function generatorOf ({ due }: LoadFigures): Summary['generator'] {
  return {
    keptPace: true,
    text: `The generator kept the pace: 0 of ${due} requests were late by more than 10 ms, ` +
      'and its own container was not throttled.',
    missedSends: 0,
    lateSends: 0,
    lateness: figures(due, 0.2),
    waitedForConnection: 0,
    throttledShare: 0,
    throttledSeconds: 0
  }
}

/** After the load nothing is due. */
function rateAt ({ ratesPerSecond, durationSeconds }: LoadSpec, atSeconds: number): number {
  if (atSeconds > durationSeconds) return 0
  const step = Math.floor(atSeconds / durationSeconds * ratesPerSecond.length)
  return ratesPerSecond[Math.min(ratesPerSecond.length - 1, step)]!
}

function turns (inTurn: number): TurnFigures { return { inTurn, overtaken: 0, latency: figures(inTurn, 1) } }

function costOf ({ path }: LoadSpec): number {
  return Number(/[?&]ms=(\d+)/.exec(path)?.[1] ?? 0) / 1000 || SECONDS_OF_CPU_AT_REST
}

function figures (count: number, typicalMs: number): LatencyFigures {
  if (count === 0) return { count: 0, meanMs: null, p50Ms: null, p90Ms: null, p99Ms: null, maxMs: null }
  const around = (factor: number) => Math.round(typicalMs * factor * (0.97 + Math.random() * 0.06) * 100) / 100
  return { count, meanMs: around(1.1), p50Ms: around(1), p90Ms: around(1.5), p99Ms: around(1.9), maxMs: around(2.2) }
}
