import { randomBytes } from 'node:crypto'
import { createClient } from 'redis'
import { storeUrl } from './store-urls.ts'

export interface FreshPrefix {
  prefix: string
  /** Deletes every key that begins with the prefix. */
  clear (): Promise<void>
}

/** A text that no other test's keys begin with; BullMQ takes it as `prefix`. */
export function freshPrefix (): FreshPrefix {
  const prefix = `test-${randomBytes(6).toString('hex')}`
  return { prefix, clear: () => deleteKeys(`${prefix}*`) }
}

async function deleteKeys (pattern: string): Promise<void> {
  const client = createClient({ url: storeUrl('REDIS_URL') })
  await client.connect()
  try {
    for await (const keys of client.scanIterator({ MATCH: pattern, COUNT: 500 })) {
      if (keys.length > 0) await client.unlink(keys)
    }
  } finally {
    await client.close()
  }
}
