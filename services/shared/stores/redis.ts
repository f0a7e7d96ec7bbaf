import { createClient, type RedisClientType } from 'redis'
import type { Log } from '#shared/process/log.ts'

export type Redis = RedisClientType

interface RedisOptions {
  url: string
  log: Log
  /** While Redis is away: fail each command at once instead of keeping it until Redis is back. */
  failFast: boolean
}

/** A client that connects by itself, for ever: it is back within a second of Redis coming back. */
export function createRedis ({ url, log, failFast }: RedisOptions): Redis {
  const client: Redis = createClient({
    url,
    disableOfflineQueue: failFast,
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
  // Rejects only when the client is destroyed meanwhile; failed attempts are the 'error' above, and go on.
  client.connect().catch(() => {})
  return client
}

export async function pingRedis (client: Redis): Promise<void> {
  if (!client.isReady) throw new Error('not connected')
  await client.ping()
}
