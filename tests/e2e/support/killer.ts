import { until } from '#support/until.ts'
import { killPid1 } from './engine-host.ts'
import type { Seeded } from './seeded.ts'
import { inspect, type Service } from './stack.ts'

const RESTART_MS = 90_000

/**
 * How long the service lives before each kill. Most lives are short, so that it is also killed while it starts. Every
 * third is longer than 10 s, after which the engine resets its back-off (it doubles from 100 ms with each shorter
 * life).
 */
export function lifetimesMs (kills: number, random: Seeded): number[] {
  return Array.from({ length: kills }, (_, i) => i % 3 === 2 ? random.whole(10_500, 12_000) : random.whole(200, 4000))
}

/** Kills a service after each of these lifetimes, and waits until it runs again. Ends early when `signal` aborts. */
export async function killRepeatedly (
  service: Service, lifetimes: number[], onKill: () => void, signal: AbortSignal
): Promise<void> {
  for (const lifetimeMs of lifetimes) {
    const startedAt = Date.now()
    const hasLived = (): boolean => signal.aborted || Date.now() >= startedAt + lifetimeMs
    await until(hasLived, { what: `${service} to have lived`, timeoutMs: lifetimeMs + 60_000 })
    if (signal.aborted) return
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
