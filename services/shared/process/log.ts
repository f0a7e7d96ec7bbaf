import { pino, stdSerializers, type Logger } from 'pino'
import type { LogLevel } from './env.ts'

export type Log = Logger

/**
 * Writes one JSON object per line to standard output, with an RFC 3339 time; the container engine keeps and rotates the
 * log.
 */
export function createLog (service: string, level: LogLevel): Log {
  return pino({
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: label => ({ level: label }) },
    serializers: { err: stdSerializers.err }
  })
}
