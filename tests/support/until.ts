import { setTimeout as pause } from 'node:timers/promises'

const TICK_MS = 20
const SILENCE = Symbol('the condition did not answer in time')

export interface Waiting {
  /** What the test waits for, as the error names it. */
  what: string
  timeoutMs?: number
}

/**
 * Polls until `condition` returns something truthy, and returns that. A condition that throws is asked again.
 * On a time-out the error says what the test waited for, and what the last attempt threw or returned.
 */
export async function until<T> (condition: () => T | Promise<T>, { what, timeoutMs = 5000 }: Waiting): Promise<T> {
  const deadline = performance.now() + timeoutMs
  let last = 'it never answered'
  while (performance.now() < deadline) {
    try {
      const outcome = await Promise.race([condition(), pause(deadline - performance.now(), SILENCE, { ref: false })])
      if (outcome === SILENCE) break
      if (outcome) return outcome
      last = `last: ${JSON.stringify(outcome)}`
    } catch (err) {
      last = `last error: ${err instanceof Error ? err.message : String(err)}`
    }
    await pause(TICK_MS)
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}; ${last}`)
}
