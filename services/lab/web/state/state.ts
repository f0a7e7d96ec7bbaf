/** Everything the page knows, and the few things that change it. */
import type { Selection } from '#lab/web/order.ts'
import type { LimitsView } from '#lab/wire/limits.ts'
import type { Beliefs, Hello, History, JobsView, LabEvent, Sample, SamplerView } from '#lab/wire/live.ts'
import { append, emptyColumns, forget, join, slice, type Columns } from './columns.ts'
import { addEvents } from './events.ts'
import { createLoadsState, type LoadsState } from './loads.ts'
import { createRunsState, type RunsState } from './runs.ts'
import { createSweepsState, type SweepsState } from './sweeps.ts'

const KEPT_SECONDS = 15 * 60
const SPARE_SECONDS = 15
/** Shown until the lab has named its services. */
const usualServices = ['api', 'worker', 'postgres', 'redis', 'lab']

export type Connection = 'connecting' | 'live' | 'lost' | 'silent'

export interface State {
  connection: Connection
  hello: Hello | null
  sample: Sample | null
  jobs: JobsView | null
  sampler: SamplerView | null
  limits: LimitsView | null
  beliefs: Beliefs[] | null
  events: LabEvent[]
  columns: Columns
  /** What the charts show while they are paused. */
  pausedColumns: Columns | null
  runs: RunsState
  loads: LoadsState
  sweeps: SweepsState
  selection: Selection
  windowSeconds: number
  /** While history is on its way, the samples that belong behind it. */
  waiting: Sample[] | null
}

export function createState (): State {
  return {
    connection: 'connecting',
    hello: null,
    sample: null,
    jobs: null,
    sampler: null,
    limits: null,
    beliefs: null,
    events: [],
    columns: emptyColumns(),
    pausedColumns: null,
    runs: createRunsState(),
    loads: createLoadsState(),
    sweeps: createSweepsState(),
    selection: { containerId: null, hiddenServices: new Set() },
    windowSeconds: 60,
    waiting: null
  }
}

export function onHello (state: State, hello: Hello): void {
  // A new life of the lab numbers its samples from the beginning.
  if (state.hello !== null && state.hello.life !== hello.life) state.columns.lab = null
  state.hello = hello
  state.events = addEvents(state.events, hello.events)
  state.waiting = []
}

export function onHistory (state: State, history: History | null): void {
  if (history) state.columns = join(state.columns, history, gapSeconds(state))
  const later = (state.waiting ?? []).filter(({ seq }) => seq > (history?.newest?.seq ?? 0))
  for (const sample of later) append(state.columns, sample, gapSeconds(state))
  state.waiting = null
}

export function onSample (state: State, sample: Sample): void {
  state.sample = sample
  if (state.waiting) state.waiting.push(sample)
  else keep(append(state.columns, sample, gapSeconds(state)))
}

/** Forgetting moves all that stays, in every column, so it is not done for each sample. */
function keep (columns: Columns): void {
  const oldest = columns.at[0] ?? 0
  if (columns.at.at(-1)! - oldest > KEPT_SECONDS + SPARE_SECONDS) forget(columns, KEPT_SECONDS)
}

export function pause (state: State): void {
  state.pausedColumns = state.pausedColumns === null ? slice(state.columns, 0, state.columns.at.length) : null
}

/** Those that the lab named, and then those that have been found since. */
export function servicesOf ({ hello, sample }: Pick<State, 'hello' | 'sample'>): string[] {
  const named = hello?.services ?? usualServices
  const found = new Set(sample?.containers.map(({ service }) => service))
  return [...named, ...[...found].filter(service => !named.includes(service)).toSorted()]
}

export function shownColumns ({ pausedColumns, columns }: State): Columns {
  return pausedColumns ?? columns
}

export function selectContainer (state: State, containerId: string): void {
  const { selection } = state
  state.selection = { ...selection, containerId: selection.containerId === containerId ? null : containerId }
}

export function showService (state: State, service: string, isShown: boolean): void {
  const { containerId, hiddenServices } = state.selection
  // With a container selected no service is switched on: the first one that is becomes the only one.
  const hidden = new Set(containerId === null ? hiddenServices : servicesOf(state))
  if (isShown) hidden.delete(service)
  else hidden.add(service)
  state.selection = { containerId: null, hiddenServices: hidden }
}

export function showAll (state: State): void {
  state.selection = { containerId: null, hiddenServices: new Set() }
}

/** Four missing samples are a gap; but history has one column a second, and a busy host may be late with one. */
function gapSeconds ({ hello }: State): number {
  return Math.max(2.5, 4 / (hello?.hz ?? 4))
}
