import { whoami } from '../../shared/whoami.ts'
import type { Who } from '../neighbours/who.ts'
import type { Stage } from './stage.ts'
import type { Check } from './wire.ts'

type Whoami = ReturnType<typeof whoami>

/** What each service's container sees of itself. `null`: it tells nothing. */
export interface RollCall {
  api: Whoami
  worker: Whoami
  postgres: Who | null
  redis: Who | null
  lab: Whoami
}

/** @throws NotMeasured when one that can be asked does not answer */
export async function rollCall (stage: Stage): Promise<RollCall> {
  return {
    api: await stage.json<Whoami>('api', '/whoami'),
    worker: await stage.json<Whoami>('worker', '/whoami'),
    postgres: await stage.whoIsStore('postgres'),
    redis: await stage.whoIsStore('redis'),
    lab: whoami()
  }
}

/** What one service says; `null`: it does not. */
export interface Said { service: string, value: string | null }

export function saidBy (roll: RollCall, ask: (who: Who) => string | null): Said[] {
  return Object.entries(roll).map(([service, who]) => ({ service, value: who === null ? null : ask(who) }))
}

/** No two services say the same. */
export function allDiffer (claim: string, source: string, said: Said[]): Check {
  const common = said.find(({ value }, i) => value !== null && said.findIndex(other => other.value === value) < i)?.value
  const sharers = said.filter(({ value }) => value === common).map(({ service }) => service)
  return common === undefined
    ? { claim, source, saw: listed(said), holds: hasSilent(said) ? null : true }
    : { claim, source, saw: `${sharers.join(' and ')} have the same: ${common}`, holds: false }
}

/** All services say the same. */
export function allAgree (claim: string, source: string, said: Said[]): Check {
  const values = new Set(said.flatMap(({ value }) => value ?? []))
  if (values.size > 1) return { claim, source, saw: listed(said), holds: false }
  const [common = 'nothing'] = values
  const silent = said.filter(({ value }) => value === null).map(({ service }) => service)
  return { claim, source, saw: silent.length === 0 ? `${common} in all ${said.length}` : `${common}; not told: ${silent.join(', ')}`, holds: hasSilent(said) ? null : true }
}

/** Of whom nothing is known, nothing is proven. */
function hasSilent (said: Said[]): boolean {
  return said.some(({ value }) => value === null)
}

function listed (said: Said[]): string {
  return said.map(({ service, value }) => `${service} ${value ?? 'not told'}`).join(', ')
}
