/**
 * What the charts of a sheet show at a moment: the limits before a run, the samples during it, its readings afterwards.
 * Pure.
 */
import type { Columns } from '#lab/web/state/columns.ts'
import { placeOf } from '#lab/web/state/lab-clock.ts'
import type { Recording, RunView } from '#lab/wire/experiments.ts'
import type { SampleTime } from '#lab/wire/live.ts'
import type { PlannedChart } from './charted-series.ts'
import { liveCharts, recordedCharts, type DrawnChart } from './run-charts.ts'
import { secondsSince } from './run-words.ts'

export interface RunMoment {
  run: RunView | null
  recording: Recording | null
  /** When the phases of the running run began, as far as this page has seen them. */
  phases: Array<{ name: string, atSeconds: number }>
  columns: Columns
  /** The newest sample. */
  now: SampleTime | null
}

export interface ShownCharts {
  charts: DrawnChart[]
  marks: Array<{ atSeconds: number, label: string }>
  toSeconds: number
  isOver: boolean
  /** What to say where there is not one value. */
  emptyText: string
}

export function shownCharts (plan: PlannedChart[], aboutSeconds: number, moment: RunMoment): ShownCharts {
  const { run, recording, phases, columns, now } = moment
  if (run?.state === 'running') {
    return {
      charts: liveCharts(plan, columns, placeOf(columns.lab, run)),
      marks: phases.map(({ name, atSeconds }) => ({ atSeconds, label: name })),
      toSeconds: Math.max(aboutSeconds, secondsSince(run, now)),
      isOver: false,
      emptyText: 'waiting for the first readings'
    }
  }
  if (run !== null && recording !== null) {
    return {
      charts: recordedCharts(plan, { startedAt: run.startedAt, recording }),
      marks: recording.phases.map(({ name, fromSeconds }) => ({ atSeconds: fromSeconds, label: name })),
      toSeconds: recording.phases.at(-1)?.toSeconds ?? aboutSeconds,
      isOver: true,
      emptyText: 'not measured'
    }
  }
  const emptyText = run === null ? 'drawn during the run' : 'its readings are not available'
  return { charts: limitsOnly(plan, columns), marks: [], toSeconds: aboutSeconds, isOver: false, emptyText }
}

/** The limits can be looked at before a run; what is read before it does not belong to it. */
function limitsOnly (plan: PlannedChart[], columns: Columns): DrawnChart[] {
  return liveCharts(plan, columns, 0).map(({ kind, lines }) =>
    ({ kind, seconds: [], lines: lines.map(line => ({ ...line, values: [] })) }))
}
