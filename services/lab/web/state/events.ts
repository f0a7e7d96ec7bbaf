/** Which events the page lists. Pure. */
import type { LabEvent } from '#lab/wire/live.ts'

const KEPT = 100

/** Ids start again when the lab does; this does not. */
export function eventKey ({ at, kind, containerId }: LabEvent): string {
  return `${at} ${kind} ${containerId}`
}

/**
 * Kills, restarts and departures, newest first, each once. What somebody started is no event of theirs. `more`, oldest
 * first, is news, or all that the lab remembers: either way what is not in it came before it, whatever the host's clock
 * said at the time.
 */
export function addEvents (known: LabEvent[], more: LabEvent[]): LabEvent[] {
  const told = new Map(more.filter(({ kind }) => kind !== 'appeared').map(event => [eventKey(event), event]))
  return [...[...told.values()].reverse(), ...known.filter(event => !told.has(eventKey(event)))].slice(0, KEPT)
}
