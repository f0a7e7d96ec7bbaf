import type { Check } from '#lab/wire/experiments.ts'
import type { SelfView, Whoami } from '#shared/process/whoami.ts'

/** What each service's container sees of itself. `null`: it tells nothing. */
export interface RollCall {
  api: Whoami
  worker: Whoami
  postgres: SelfView | null
  redis: SelfView | null
  lab: Whoami
}

/** What one service says; `null`: it does not. */
export interface Reply { service: string, value: string | null }

export function repliesOf (roll: RollCall, ask: (view: SelfView) => string | null): Reply[] {
  return Object.entries(roll).map(([service, view]) => ({ service, value: view === null ? null : ask(view) }))
}

/** No two services say the same. */
export function allDiffer (claim: string, source: string, said: Reply[]): Check {
  const common = said.find(({ value }, i) => value !== null && said.findIndex(other => other.value === value) < i)?.value
  const sharers = said.filter(({ value }) => value === common).map(({ service }) => service)
  return common === undefined
    ? { claim, source, saw: listed(said), holds: hasSilent(said) ? null : true }
    : { claim, source, saw: `${sharers.join(' and ')} have the same: ${common}`, holds: false }
}

/** All services say the same. */
export function allAgree (claim: string, source: string, said: Reply[]): Check {
  const values = new Set(said.flatMap(({ value }) => value ?? []))
  if (values.size > 1) return { claim, source, saw: listed(said), holds: false }
  const [common = 'nothing'] = values
  const silent = said.filter(({ value }) => value === null).map(({ service }) => service)
  return { claim, source, saw: silent.length === 0 ? `${common} in all ${said.length}` : `${common}; not told: ${silent.join(', ')}`, holds: hasSilent(said) ? null : true }
}

/** Of whom nothing is known, nothing is proven. */
function hasSilent (said: Reply[]): boolean {
  return said.some(({ value }) => value === null)
}

function listed (said: Reply[]): string {
  return said.map(({ service, value }) => `${service} ${value ?? 'not told'}`).join(', ')
}
