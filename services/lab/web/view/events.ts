/** Which events the page lists. Pure. */
import type { LabEvent } from '../../wire.ts'

const KEPT = 100

/** Ids start again when the lab does; this does not. */
export function eventKey ({ at, kind, containerId }: LabEvent): string {
  return `${at} ${kind} ${containerId}`
}

/** Kills, restarts and departures, newest first, each once. What somebody started is no event of theirs. */
export function addEvents (known: LabEvent[], more: LabEvent[]): LabEvent[] {
  const all = new Map([...known, ...more].filter(({ kind }) => kind !== 'appeared').map(event => [eventKey(event), event]))
  return [...all.values()].sort((a, b) => b.at.localeCompare(a.at) || b.id - a.id).slice(0, KEPT)
}
