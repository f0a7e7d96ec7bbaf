/** What the page knows about sweeps, and the few things that change it. */
import type { SweepView } from '#lab/wire/sweep.ts'

export interface SweepsState {
  /** Newest first, as far as the lab remembers them. */
  sweeps: SweepView[]
  /** When the page got the newest report of the running sweep, on the clock of `Sample.uptimeSeconds`. */
  reportedUptimeSeconds: number | null
  /** Why the sweeps are not known. */
  fault: string | null
}

export function createSweepsState (): SweepsState {
  return { sweeps: [], reportedUptimeSeconds: null, fault: null }
}

/** `sweeps`: all that the lab remembers. What it has forgotten is forgotten here too. */
export function onSweeps (state: SweepsState, sweeps: SweepView[], uptimeSeconds: number | null): void {
  Object.assign(state, { sweeps, reportedUptimeSeconds: uptimeSeconds, fault: null })
}

export function onSweep (state: SweepsState, sweep: SweepView, uptimeSeconds: number | null): void {
  const before = state.sweeps.find(({ id }) => id === sweep.id)
  // An answer may arrive after the event that says more.
  if (before !== undefined && isOlder(sweep, before)) return
  state.sweeps = before === undefined
    ? [sweep, ...state.sweeps]
    : state.sweeps.map(one => one.id === sweep.id ? sweep : one)
  state.reportedUptimeSeconds = uptimeSeconds
}

function isOlder (sweep: SweepView, known: SweepView): boolean {
  const hasEndedSince = known.state !== 'running' && sweep.state === 'running'
  return hasEndedSince || sweep.trials.length < known.trials.length
}

export function runningSweep ({ sweeps }: SweepsState): SweepView | null {
  return sweeps.find(({ state }) => state === 'running') ?? null
}

/** The sweep in the address, otherwise the running one, otherwise the newest. */
export function shownSweep (state: SweepsState, id: string | null): SweepView | null {
  const addressed = id === null ? null : state.sweeps.find(sweep => sweep.id === id)
  return addressed ?? runningSweep(state) ?? state.sweeps[0] ?? null
}
