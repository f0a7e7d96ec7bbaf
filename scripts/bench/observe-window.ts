import { setTimeout as delay } from 'node:timers/promises'

/**
 * Engines, netdata and the health checks do something every ten seconds, so a window is a multiple of ten seconds. With
 * few containers it has to be long: one more health check would cost as much as all the reading, and CPU time is
 * counted in hundredths of a second.
 */
export const windowSeconds = (containers: number): number => Math.max(20, Math.ceil(30 / containers) * 10)

/** How much a counter rises within some seconds. */
export async function rise (value: () => number, seconds: number): Promise<number> {
  const before = value()
  await delay(seconds * 1000)
  return value() - before
}
