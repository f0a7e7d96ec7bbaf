import { pino } from 'pino'
import type { Log } from '#shared/process/log.ts'

export interface CapturedLog {
  log: Log
  lines: Array<Record<string, unknown> & { msg?: string }>
}

/** The real logger, writing to an array. */
export function capturedLog (): CapturedLog {
  const lines: CapturedLog['lines'] = []
  const log = pino(
    { level: 'debug', formatters: { level: label => ({ level: label }) } },
    {
      write: line => {
        lines.push(JSON.parse(line))
      }
    }
  )
  return { log, lines }
}
