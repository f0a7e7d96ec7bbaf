import { createClient, type RedisClientType } from 'redis'
import { Env } from '#shared/process/env.ts'

export const BARE_QUEUE = 'noops'
/** Our own queue is in the same Redis. */
export const BARE_PREFIX = 'bare'

/** What an entry holds: the batch to which it belongs is its name. */
export interface BareEntry { jobs: number }

/** Printed by the worker when the last job of a batch is completed. */
export interface BareEnd { batch: string, firstStartedMs: number, lastEndedMs: number }

/** The client that our services use as well: BullMQ 6 has none of its own, and ioredis is not installed here. */
export async function connectBare (): Promise<RedisClientType> {
  const env = new Env(process.env)
  const url = env.url('REDIS_URL', 'REDIS_PASSWORD_FILE')
  env.check()
  const client: RedisClientType = createClient({ url })
  client.on('error', err => console.error(err))
  await client.connect()
  return client
}
