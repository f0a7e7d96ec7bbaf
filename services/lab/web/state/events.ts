/** The events that the page lists. Pure. */
import type { LabEvent } from '#lab/wire/live.ts'

const KEPT = 100

/** Ids start again when the lab restarts; this key stays unique. */
export function eventKey ({ at, kind, containerId }: LabEvent): string {
  return `${at} ${kind} ${containerId}`
}

/** News of one event. One that is listed already, of which more is known now, keeps its place. */
export function addEvent (known: LabEvent[], event: LabEvent): LabEvent[] {
  const key = eventKey(event)
  const at = known.findIndex(listed => eventKey(listed) === key)
  return at === -1 ? addEvents(known, [event]) : known.with(at, event)
}

/**
 * Kills, restarts and departures, newest first, each once; that a container appeared is not listed. `more` (oldest
 * first) is either news or all that the lab remembers. In both cases the events that are not in it are older, whatever
 * the host's clock said at the time.
 */
export function addEvents (known: LabEvent[], more: LabEvent[]): LabEvent[] {
  const newer = new Map(more.filter(({ kind }) => kind !== 'appeared').map(event => [eventKey(event), event]))
  return [...[...newer.values()].reverse(), ...known.filter(event => !newer.has(eventKey(event)))].slice(0, KEPT)
}
