/** What the page knows about loads, and the few things that change it. */
import { throttledShareDuring } from '#lab/web/load/load-series.ts'
import type { LoadLive, LoadView } from '#lab/wire/load.ts'
import type { Columns } from './columns.ts'

export interface LoadsState {
  /** Newest first, as far as the lab remembers them. */
  loads: LoadView[]
  /** The reports of each load, as far as this page has received them. */
  lives: Map<string, LoadLive[]>
  /** The throttled share of the target over each load that ended while this page was open. */
  throttledShares: Map<string, number | null>
  /** The loads shown side by side, in the order in which they were chosen. */
  compared: string[]
  /** Why the loads are not known. */
  fault: string | null
}

const MOST_COMPARED = 4

export function createLoadsState (): LoadsState {
  return { loads: [], lives: new Map(), throttledShares: new Map(), compared: [], fault: null }
}

/** `loads`: all that the lab remembers. What it has forgotten is forgotten here too. */
export function onLoads (state: LoadsState, loads: LoadView[]): void {
  state.loads = loads
  state.fault = null
  const ids = new Set(loads.map(({ id }) => id))
  for (const map of [state.lives, state.throttledShares]) for (const id of map.keys()) if (!ids.has(id)) map.delete(id)
  state.compared = state.compared.filter(id => ids.has(id))
}

export function onLoad (state: LoadsState, load: LoadView, columns: Columns): void {
  const before = state.loads.find(({ id }) => id === load.id)
  if (before !== undefined && before.state !== 'running' && load.state === 'running') return
  state.loads = before === undefined ? [load, ...state.loads] : state.loads.map(one => one.id === load.id ? load : one)
  const lives = state.lives.get(load.id) ?? []
  if (load.live !== null && load.live.atSeconds > (lives.at(-1)?.atSeconds ?? -1)) lives.push(load.live)
  state.lives.set(load.id, lives)
  if (load.state !== 'running') state.throttledShares.set(load.id, throttledShareDuring(load, columns))
}

export function runningLoad ({ loads }: LoadsState): LoadView | null {
  return loads.find(({ state }) => state === 'running') ?? null
}

/** If too many are chosen, the oldest choice makes room. */
export function compare (state: LoadsState, id: string, isChosen: boolean): void {
  const others = state.compared.filter(one => one !== id)
  state.compared = isChosen ? [...others, id].slice(-MOST_COMPARED) : others
}
