/** Experiments of the replay: a run that was recorded on a real host happens again, second by second. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { experiments } from '#lab/experiments/all.ts'
import type { ExperimentView, RecordedContainer, RecordedSeries, Run, RunView } from '#lab/wire/experiments.ts'
import type { ContainerView, LabEvent } from '#lab/wire/live.ts'
import type { ReplayClock, ReplayMoment } from './clock.ts'

const FIXTURES = 'tests/fixtures/runs'

type Recorded = Run & { recording: NonNullable<Run['recording']> }

interface Listeners {
  onRun: (run: RunView) => void
  onEvent: (event: LabEvent) => void
}

export class ReplayRuns {
  readonly views: ExperimentView[] = experiments.map(({ id, topic, title, question, choices, does, seconds, watches, ifYouSawSomethingElse }) =>
    ({ id, topic, title, question, choices, does, seconds, watches, ifYouSawSomethingElse }))

  readonly #clock: ReplayClock
  readonly #listeners: Listeners
  readonly #recordings: Record<string, string>
  readonly #ended: Run[]
  #current: { run: RunView, recorded: Recorded, told: number, isCancelled: boolean } | null = null

  /**
   * `recordings`: which file to play for an experiment, instead of any of its own; `past`: files of runs that have
   * ended long ago.
   */
  constructor (clock: ReplayClock, recordings: Record<string, string>, past: string[], listeners: Listeners) {
    this.#clock = clock
    this.#recordings = recordings
    this.#ended = past.map(recorded)
    this.#listeners = listeners
  }

  get current (): RunView | null { return this.#current?.run ?? null }

  /** `null`: nobody recorded it. */
  start (experiment: string, prediction: string | null): RunView | null {
    const name = this.#recordings[experiment] ?? anyOf(experiment)
    if (name === null) return null
    const run: RunView = {
      id: randomUUID(), experiment, state: 'running', phase: 'baseline', steps: [], startedAt: new Date(this.#clock.wallMs).toISOString(), startedUptimeSeconds: this.#clock.uptimeSeconds, finishedAt: null, prediction, answer: null, verdict: null, error: null
    }
    this.#current = { run, recorded: recorded(name), told: 0, isCancelled: false }
    this.#listeners.onRun(run)
    return run
  }

  cancel (id: string): RunView | null {
    if (this.#current?.run.id !== id) return null
    this.#current.isCancelled = true
    return this.#current.run
  }

  find (id: string): Run | null {
    if (this.#current?.run.id === id) return { ...this.#current.run, recording: null, facts: null }
    return this.#ended.find(run => run.id === id) ?? null
  }

  /** Newest first. */
  list (experiment: string | null): RunView[] {
    const all = [...(this.#current ? [this.#current.run] : []), ...this.#ended]
    return all.filter(run => experiment === null || run.experiment === experiment).map(({ ...run }) => ({ ...run, recording: undefined, facts: undefined }))
  }

  /** What the run has come to by now; what it makes of the containers is written over theirs. */
  step (containers: ContainerView[], { atMs, uptimeSeconds }: ReplayMoment): void {
    const current = this.#current
    if (current === null) return
    const seconds = uptimeSeconds - current.run.startedUptimeSeconds!
    const { recorded: { recording, steps } } = current
    for (const one of recording.containers) for (const view of containers) if (view.service === one.service) overwrite(view, one, seconds)
    for (; current.told < recording.events.length; current.told++) {
      const event = recording.events[current.told]!
      if (secondsOf(event.at, current.recorded) > seconds) break
      this.#listeners.onEvent({ ...event, at: new Date(atMs).toISOString(), name: `limits-lab-${event.service}-1` })
    }
    const phase = current.isCancelled ? 'recovery' : recording.phases.findLast(({ fromSeconds }) => fromSeconds <= seconds)?.name ?? null
    const told = steps.filter(({ atSeconds }) => atSeconds <= seconds)
    const isOver = seconds >= recording.phases.at(-1)!.toSeconds || (current.isCancelled && current.run.phase === 'recovery')
    if (isOver) this.#end(atMs)
    else if (phase !== current.run.phase || told.length !== current.run.steps.length) this.#change({ phase, steps: told })
  }

  #end (atMs: number): void {
    const { run, recorded: { verdict, answer, recording, facts, steps }, isCancelled } = this.#current!
    this.#change(isCancelled
      ? { state: 'cancelled', phase: null, startedUptimeSeconds: null, finishedAt: new Date(atMs).toISOString(), answer }
      : { state: 'finished', phase: null, startedUptimeSeconds: null, finishedAt: new Date(atMs).toISOString(), answer, steps, verdict })
    this.#ended.unshift({ ...this.#current!.run, id: run.id, recording, facts })
    this.#current = null
  }

  #change (change: Partial<RunView>): void {
    this.#current!.run = { ...this.#current!.run, ...change }
    this.#listeners.onRun(this.#current!.run)
  }
}

function recorded (name: string): Recorded {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as Recorded
}

function anyOf (experiment: string): string | null {
  const files = readdirSync(FIXTURES).filter(file => file.startsWith(`${experiment}.`)).sort((a, b) => a.length - b.length)
  return files[0]?.replace('.json', '') ?? null
}

function secondsOf (at: string, { startedAt }: RunView): number {
  return (Date.parse(at) - Date.parse(startedAt)) / 1000
}

/** The readings of that second, told as the lab would tell them. */
function overwrite (view: ContainerView, { atSeconds, series, effective, limits }: RecordedContainer, seconds: number): void {
  const i = atSeconds.findLastIndex(at => at <= seconds)
  if (i < 0) return
  const before = Math.max(0, i - 4)
  const value = (name: RecordedSeries) => series[name][i] ?? null
  const rise = (name: RecordedSeries) => (series[name][i] ?? 0) - (series[name][before] ?? 0)
  const perSecond = (name: RecordedSeries) => i === 0 || series[name][i] == null ? null : rise(name) / 1e6 / (atSeconds[i]! - atSeconds[before]!)
  Object.assign(view, { limits, effective, oomKills: value('oomKill') })
  Object.assign(view.memory, {
    currentBytes: value('memoryBytes'), peakBytes: value('peakBytes'), workingSetBytes: value('workingSetBytes'), anonBytes: value('anonBytes'), fileBytes: value('fileBytes'), shmemBytes: value('shmemBytes'), inactiveFileBytes: value('inactiveFileBytes'), limitHitsTotal: value('memoryLimitHits')
  })
  Object.assign(view.cpu, { cores: perSecond('cpuUsageUs'), throttledSecondsPerSecond: perSecond('throttledUs'), throttledShare: rise('nrPeriods') === 0 ? null : rise('nrThrottled') / rise('nrPeriods') })
  Object.assign(view.pids, { current: value('pids'), limitHitsTotal: value('pidsLimitHits') })
}
