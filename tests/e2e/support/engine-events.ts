import { docker } from './docker.ts'
import { stack } from './stack.ts'

export interface EngineEvent {
  action: 'start' | 'die'
  id: string
  name: string
  atMs: number
}

interface EngineMessage {
  Action: EngineEvent['action']
  Actor: { ID: string; Attributes: { name: string } }
  timeNano: number
}

/**
 * The starts and ends of the stack's containers since then, oldest first. The engine keeps the host's last 256 events.
 */
export async function engineEvents (sinceMs: number): Promise<EngineEvent[]> {
  const [since, until] = [sinceMs, Date.now()].map(ms => String(ms / 1000))
  const filters = ['type=container', 'event=start', 'event=die', `label=com.docker.compose.project=${stack().project}`].flatMap(filter => ['--filter', filter])
  const lines = await docker(['events', '--since', since!, '--until', until!, '--format', '{{json .}}', ...filters])
  return lines.split('\n').filter(line => line !== '').map(toEvent)
}

function toEvent (line: string): EngineEvent {
  const { Action, Actor, timeNano } = JSON.parse(line) as EngineMessage
  return { action: Action, id: Actor.ID, name: Actor.Attributes.name, atMs: timeNano / 1e6 }
}
