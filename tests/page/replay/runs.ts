/** Experiments of the replay: a run recorded on a real host is played again, second by second. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { experiments } from '#lab/experiments/all.ts'
import type { Experiment } from '#lab/experiments/experiment.ts'
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
  readonly views: ExperimentView[] = experiments.map(viewOf)

  readonly #clock: ReplayClock
  readonly #listeners: Listeners
  readonly #recordings: Record<string, string>
  readonly #ended: Run[]
  #current: { run: RunView, recorded: Recorded, sentEvents: number, isCancelled: boolean } | null = null

  /**
   * `recordings`: the file to play for an experiment, instead of the first of its own. `past`: the files of runs that
   * have ended before.
   */
  constructor (clock: ReplayClock, recordings: Record<string, string>, past: string[], listeners: Listeners) {
    this.#clock = clock
    this.#recordings = recordings
    this.#ended = past.map(recorded)
    this.#listeners = listeners
  }

  get current (): RunView | null { return this.#current?.run ?? null }

  /** `null`: there is no recording of it. */
  start (experiment: string, prediction: string | null): RunView | null {
    const name = this.#recordings[experiment] ?? anyOf(experiment)
    if (name === null) return null
    const run: RunView = {
      id: randomUUID(),
      experiment,
      state: 'running',
      phase: 'baseline',
      steps: [],
      startedAt: new Date(this.#clock.wallMs).toISOString(),
      startedUptimeSeconds: this.#clock.uptimeSeconds,
      finishedAt: null,
      prediction,
      answer: null,
      verdict: null,
      error: null
    }
    this.#current = { run, recorded: recorded(name), sentEvents: 0, isCancelled: false }
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
    return all.filter(run => experiment === null || run.experiment === experiment)
      .map(run => ({ ...run, recording: undefined, facts: undefined }))
  }

  /** Plays the run up to this moment; the recorded readings replace those of the containers. */
  step (containers: ContainerView[], { atMs, uptimeSeconds }: ReplayMoment): void {
    const current = this.#current
    if (current === null) return
    const seconds = uptimeSeconds - current.run.startedUptimeSeconds!
    const { recorded: { recording, steps } } = current
    for (const one of recording.containers) {
      for (const view of containers) if (view.service === one.service) overwrite(view, one, seconds)
    }
    for (; current.sentEvents < recording.events.length; current.sentEvents++) {
      const event = recording.events[current.sentEvents]!
      if (event.atSeconds! > seconds) break
      this.#listeners.onEvent({ ...event, at: new Date(atMs).toISOString(), name: `limits-lab-${event.service}-1` })
    }
    const { run, isCancelled } = current
    const recordedPhase = recording.phases.findLast(({ fromSeconds }) => fromSeconds <= seconds)?.name ?? null
    const phase = isCancelled ? 'recovery' : recordedPhase
    const begun = steps.filter(({ atSeconds }) => atSeconds <= seconds)
    const isOver = seconds >= recording.phases.at(-1)!.toSeconds || (isCancelled && run.phase === 'recovery')
    if (isOver) this.#end(atMs)
    else if (phase !== run.phase || begun.length !== run.steps.length) this.#change({ phase, steps: begun })
  }

  #end (atMs: number): void {
    const { run, recorded: { verdict, answer, recording, facts, steps }, isCancelled } = this.#current!
    const end = { phase: null, startedUptimeSeconds: null, finishedAt: new Date(atMs).toISOString(), answer }
    this.#change(isCancelled ? { ...end, state: 'cancelled' } : { ...end, state: 'finished', steps, verdict })
    this.#ended.unshift({ ...this.#current!.run, id: run.id, recording, facts })
    this.#current = null
  }

  #change (change: Partial<RunView>): void {
    this.#current!.run = { ...this.#current!.run, ...change }
    this.#listeners.onRun(this.#current!.run)
  }
}

/** What the page gets of an experiment, without what only the lab uses. */
function viewOf ({ answer, requires, act, judge, ...view }: Experiment): ExperimentView {
  return view
}

/** Its events are dated by the seconds of the run, because a run played again begins at another time. */
function recorded (name: string): Recorded {
  const run = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as Recorded
  for (const event of run.recording.events) event.atSeconds ??= secondsOf(event.at, run)
  return run
}

function anyOf (experiment: string): string | null {
  const files = readdirSync(FIXTURES).filter(file => file.startsWith(`${experiment}.`))
  return files.sort((a, b) => a.length - b.length)[0]?.replace('.json', '') ?? null
}

function secondsOf (at: string, { startedAt }: RunView): number {
  return (Date.parse(at) - Date.parse(startedAt)) / 1000
}

/** Writes the recorded readings of that second into the view, in the form in which the lab sends them. */
function overwrite (view: ContainerView, recorded: RecordedContainer, seconds: number): void {
  const { atSeconds, series, effective, limits } = recorded
  const i = atSeconds.findLastIndex(at => at <= seconds)
  if (i < 0) return
  const before = Math.max(0, i - 4)
  const value = (name: RecordedSeries) => series[name][i] ?? null
  const rise = (name: RecordedSeries) => (series[name][i] ?? 0) - (series[name][before] ?? 0)
  const perSecond = (name: RecordedSeries) =>
    i === 0 || series[name][i] == null ? null : rise(name) / 1e6 / (atSeconds[i]! - atSeconds[before]!)
  Object.assign(view, { limits, effective, oomKills: value('oomKill') })
  Object.assign(view.memory, {
    currentBytes: value('memoryBytes'),
    peakBytes: value('peakBytes'),
    workingSetBytes: value('workingSetBytes'),
    anonBytes: value('anonBytes'),
    fileBytes: value('fileBytes'),
    shmemBytes: value('shmemBytes'),
    inactiveFileBytes: value('inactiveFileBytes'),
    limitHitsTotal: value('memoryLimitHits')
  })
  Object.assign(view.cpu, {
    cores: perSecond('cpuUsageUs'),
    throttledSecondsPerSecond: perSecond('throttledUs'),
    throttledShare: rise('nrPeriods') === 0 ? null : rise('nrThrottled') / rise('nrPeriods')
  })
  Object.assign(view.pids, { current: value('pids'), limitHitsTotal: value('pidsLimitHits') })
}
