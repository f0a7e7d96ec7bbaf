import type { LoadSpec } from '#lab/wire/load.ts'

export function specOf (given: Partial<LoadSpec> = {}): LoadSpec {
  return {
    service: 'api',
    method: 'GET',
    path: '/',
    ratesPerSecond: [200],
    durationSeconds: 0.5,
    connections: 20,
    timeoutSeconds: 5,
    ...given
  }
}
