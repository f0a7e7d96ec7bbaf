import { createClient, type RedisClientType } from 'redis'
import type { Log } from '#shared/process/log.ts'

export type Redis = RedisClientType

interface RedisOptions {
  url: string
  log: Log
  /** While Redis is away, each command fails at once instead of waiting until Redis is back. */
  failFast: boolean
}

/** A client that reconnects by itself, for ever: it is connected again within a second after Redis is back. */
export function createRedis ({ url, log, failFast }: RedisOptions): Redis {
  const client: Redis = createClient({
    url,
    disableOfflineQueue: failFast,
    // By default the client makes an AbortSignal with a timer of five seconds for each command, in case it cannot be
    // sent. Where commands fail at once instead of waiting, that costs more than the command, for nothing.
    commandOptions: failFast ? { timeout: 0 } : {},
    socket: { connectTimeout: 5000, reconnectStrategy: retries => Math.min(50 * 2 ** retries, 1000) }
  })
  let isLost = false
  client.on('error', err => {
    if (!isLost) log.warn({ reason: err.code ?? err.message }, 'Redis does not answer')
    isLost = true
  })
  client.on('ready', () => {
    if (isLost) log.info('Redis answers again')
    isLost = false
  })
  // This rejects only if the client is destroyed in the meantime; failed attempts emit the 'error' above and are
  // repeated.
  client.connect().catch(() => {})
  return client
}

export async function pingRedis (client: Redis): Promise<void> {
  if (!client.isReady) throw new Error('not connected')
  await client.ping()
}
