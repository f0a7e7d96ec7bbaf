import { compose } from './stack.ts'

const LINES = '40'

/** The last lines of every service, for the report of a failure. */
export async function recentLogs (since?: Date): Promise<string> {
  const window = since === undefined ? [] : ['--since', since.toISOString()]
  return compose('logs', '--no-color', '--timestamps', '--tail', LINES, ...window)
    .catch(err => `no logs: ${err instanceof Error ? err.message : String(err)}`)
}
