import type { ContainerView, LabEvent, Sample } from '#lab/wire/live.ts'
import { stack } from './stack.ts'

export function labUrl (): string {
  return `http://127.0.0.1:${stack().labPort}`
}

/** Sends a request to the lab through its published port, as any client does. */
export function lab (path: string, init?: RequestInit): Promise<Response> {
  return fetch(labUrl() + path, init)
}

export async function containerViews (): Promise<ContainerView[]> {
  const { containers } = await (await lab('/api/containers')).json() as Sample
  return containers
}

export async function labEvents (): Promise<LabEvent[]> {
  const { events } = await (await lab('/api/events')).json() as { events: LabEvent[] }
  return events
}
