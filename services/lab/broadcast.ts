import { randomUUID } from 'node:crypto'
import { cpus, totalmem } from 'node:os'
import type { Observer, Watcher } from '#lab/observing/observer.ts'
import type { Stack } from '#lab/peers/stack.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import type { Hello, LabEvent, Requirement } from '#lab/wire/live.ts'
import type { LimitsView } from '#lab/wire/limits.ts'
import type { LoadView } from '#lab/wire/load.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import type { Log } from '#shared/process/log.ts'
import { realTime, Ticker, type Time } from './clock.ts'
import { eventText, messageText, type Stream, type Streams } from './stream.ts'

const HEARTBEAT_MS = 10_000

interface Settings {
  version: string
  /** Empty: learned from the names of containers. */
  project: string
  hz: number
  keepSeconds: number
  missing: Requirement[]
}

interface Deps {
  streams: Streams
  observer: Pick<Observer, 'cgroupVersion' | 'project' | 'services' | 'events' | 'sample' | 'samplerView'>
  /** `null`: there is none to ask. */
  stack: Pick<Stack, 'view'> | null
  /** Newest first. */
  loads: { all: () => LoadView[] }
  limits: () => LimitsView
  /** Newest first. */
  sweeps: { all: () => SweepView[] }
  log: Log
}

/**
 * What open pages are sent, and when: all they need to draw when they open, each sample, event, load and run as it
 * comes, and every second how the sampler and the jobs are. Nothing is made while no page is open.
 */
export class Broadcast implements Watcher {
  readonly #settings: Settings
  readonly #deps: Deps
  /** Another start of the lab has another one. */
  readonly #life = randomUUID()
  readonly #everySecond: Ticker
  readonly #heartbeat: Ticker

  constructor (settings: Settings, deps: Deps, time: Time = realTime) {
    this.#settings = settings
    this.#deps = deps
    this.#everySecond = new Ticker('sending to the streams', 1, () => this.#sendViews(), deps.log, time)
    const heartbeat = () => deps.streams.heartbeat(time.nowMs())
    this.#heartbeat = new Ticker('the heartbeat of the streams', 1000 / HEARTBEAT_MS, heartbeat, deps.log, time)
  }

  start (): void {
    this.#everySecond.start()
    this.#heartbeat.start()
  }

  stop (): void {
    this.#everySecond.stop()
    this.#heartbeat.stop()
  }

  isWatching (): boolean { return this.#deps.streams.size > 0 }
  onSample (): void { this.#deps.streams.send('sample', () => this.#deps.observer.sample()) }
  sendEvent (event: LabEvent): void { this.#deps.streams.sendEvent(event) }
  /** More is known of an event that was sent. */
  sendUpdate (event: LabEvent): void { this.#deps.streams.sendUpdate(event) }
  sendLoad (load: LoadView): void { this.#deps.streams.send('load', () => load) }
  sendLimits (): void { this.#deps.streams.send('limits', () => this.#deps.limits()) }
  sendSweep (sweep: SweepView): void { this.#deps.streams.send('sweep', () => sweep) }
  sendRun (run: RunView): void { this.#deps.streams.send('run', () => run) }

  /** `lastEventId`: of the last event that this browser was sent; NaN if it is new. */
  greet (stream: Stream, lastEventId: number): void {
    const { observer, stack, loads, limits, sweeps } = this.#deps
    const { known, missed } = sinceLast(observer.events.all(), lastEventId)
    stream.offer(messageText('hello', this.#hello(known)))
    stream.offer(messageText('sample', observer.sample()))
    stream.offer(messageText('sampler', observer.samplerView()))
    stream.offer(messageText('limits', limits()))
    for (const load of loads.all().slice(0, 1)) stream.offer(messageText('load', load))
    for (const sweep of sweeps.all().slice(0, 1)) stream.offer(messageText('sweep', sweep))
    for (const event of missed) stream.offer(eventText(event))
    stack?.view().then(view => stream.offer(messageText('jobs', view)), () => {})
  }

  #hello (events: LabEvent[]): Hello {
    const { version, project, hz, keepSeconds, missing } = this.#settings
    const { observer } = this.#deps
    return {
      version,
      life: this.#life,
      project: project || observer.project,
      cgroupVersion: observer.cgroupVersion,
      host: { cpus: cpus().length, memoryBytes: totalmem() },
      hz,
      keptSeconds: keepSeconds,
      services: observer.services,
      missing,
      events
    }
  }

  #sendViews (): void {
    const { streams, observer, stack, log } = this.#deps
    if (streams.size === 0) return
    streams.send('sampler', () => observer.samplerView())
    stack?.view().then(view => streams.send('jobs', () => view), err => log.warn({ err }, 'cannot ask the stack'))
  }
}

/**
 * A browser that reconnects knows some events already: those go into the greeting, and the ones it missed are sent as
 * they would have been. An id beyond the newest comes from another life of the lab, whose ids were higher if the host's
 * clock was set back since.
 */
export function sinceLast (events: LabEvent[], lastId: number): { known: LabEvent[], missed: LabEvent[] } {
  if (!Number.isFinite(lastId)) return { known: events, missed: [] }
  if (lastId > (events.at(-1)?.id ?? -Infinity)) return { known: [], missed: events }
  return { known: events.filter(({ id }) => id <= lastId), missed: events.filter(({ id }) => id > lastId) }
}
