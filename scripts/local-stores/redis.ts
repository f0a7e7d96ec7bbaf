import { mkdir } from 'node:fs/promises'
import { askRedis } from './ask.ts'
import type { LocalOptions, LocalStore } from './local-store.ts'
import { startServer } from './server-process.ts'

/** Starts this redis-server on 127.0.0.1 with its data in `dir`. Resolves when it answers. */
export async function startRedis (binary: string, options: LocalOptions): Promise<LocalStore> {
  const { dir, port, password } = options
  await mkdir(dir, { recursive: true })
  const url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`
  const server = await startServer(
    { file: binary, args: ['-'], input: redisConf(options), stopSignal: 'SIGTERM' },
    { what: `Redis on port ${port}`, ask: () => askRedis(url), timeoutMs: 15_000 }
  )
  return { url, stop: () => server.stop() }
}

/** Given on standard input: arguments, and a password among them, are for everyone on the machine to read. */
export function redisConf ({ dir, port, password, durable }: LocalOptions): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${quoted(password)}`,
    `dir ${quoted(dir)}`,
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'daemonize no',
    'maxmemory-policy noeviction',      // a queue must never lose a key to make room
    ''
  ].join('\n')
}

/**
 * One word of redis.conf, whatever is in it: in double quotes, with `\xHH` for each byte that is no plain character.
 */
function quoted (text: string): string {
  const bytes = Buffer.from(text).toString('latin1')
  return `"${bytes.replace(/[^ !#-[\]-~]/g, byte => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`
}
