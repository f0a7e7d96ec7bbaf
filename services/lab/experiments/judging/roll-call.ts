import type { Check } from '#lab/wire/experiments.ts'
import type { SelfView, Whoami } from '#shared/process/whoami.ts'

/** What each service's container sees of itself. `null`: not known. */
export interface RollCall {
  api: Whoami
  worker: Whoami
  postgres: SelfView | null
  redis: SelfView | null
  lab: Whoami
}

/** What one service replied. `null`: not known. */
export interface Reply { service: string, value: string | null }

export function repliesOf (roll: RollCall, ask: (view: SelfView) => string | null): Reply[] {
  return Object.entries(roll).map(([service, view]) => ({ service, value: view === null ? null : ask(view) }))
}

/** No two services have the same value. */
export function allDiffer (claim: string, source: string, replies: Reply[]): Check {
  const isRepeated = ({ value }: Reply, i: number): boolean =>
    value !== null && replies.findIndex(other => other.value === value) < i
  const common = replies.find(isRepeated)?.value
  const sharers = replies.filter(({ value }) => value === common).map(({ service }) => service)
  return common === undefined
    ? { claim, source, saw: listed(replies), holds: hasUnknown(replies) ? null : true }
    : { claim, source, saw: `${sharers.join(' and ')} have the same: ${common}`, holds: false }
}

/** All services have the same value. */
export function allAgree (claim: string, source: string, replies: Reply[]): Check {
  const values = new Set(replies.flatMap(({ value }) => value ?? []))
  if (values.size > 1) return { claim, source, saw: listed(replies), holds: false }
  const [common = 'no reply'] = values
  const unknown = replies.filter(({ value }) => value === null).map(({ service }) => service)
  const saw = unknown.length === 0 ? `${common} in all ${replies.length}` : `${common}; unknown: ${unknown.join(', ')}`
  return { claim, source, saw, holds: hasUnknown(replies) ? null : true }
}

/** Nothing is proven about a service of which nothing is known. */
function hasUnknown (replies: Reply[]): boolean {
  return replies.some(({ value }) => value === null)
}

/** `api 1, redis unknown` */
export function listed (replies: Reply[]): string {
  return replies.map(({ service, value }) => `${service} ${value ?? 'unknown'}`).join(', ')
}
