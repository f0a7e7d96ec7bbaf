import { until } from '../until.ts'
import { killPid1 } from './engine-host.ts'
import type { Seeded } from './seeded.ts'
import { inspect, type Service } from './stack.ts'

const RESTART_MS = 90_000

/**
 * After how long a life each kill comes. Most are short, so that a service is also killed while it starts. Every third is
 * longer than the 10 s after which the engine forgets its back-off: it doubles from 100 ms with every shorter life.
 */
export function lifetimesMs (kills: number, random: Seeded): number[] {
  return Array.from({ length: kills }, (_, i) => i % 3 === 2 ? random.whole(10_500, 12_000) : random.whole(200, 4000))
}

/** Kills a service after each of these lifetimes, and waits until it runs again. */
export async function killRepeatedly (service: Service, lifetimes: number[], onKill: () => void): Promise<void> {
  for (const lifetimeMs of lifetimes) {
    const startedAt = Date.now()
    await until(() => Date.now() >= startedAt + lifetimeMs, { what: `${service} to have lived`, timeoutMs: lifetimeMs + 5000 })
    const { RestartCount: before } = await inspect(service)
    await killPid1(service)
    onKill()
    await until(() => hasRestarted(service, before), { what: `${service} to run again`, timeoutMs: RESTART_MS })
  }
}

async function hasRestarted (service: Service, before: number): Promise<boolean> {
  const { RestartCount, State } = await inspect(service)
  return RestartCount > before && State.Status === 'running' && State.Pid !== 0
}
