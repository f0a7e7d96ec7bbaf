import { mkdir } from 'node:fs/promises'
import { askRedis } from './ask.ts'
import type { LocalOptions, LocalStore } from './postgres-process.ts'
import { startServer } from './server-process.ts'
import { untilAnswers } from './until-answers.ts'

/** Starts this redis-server on 127.0.0.1 with its data in `dir`. Resolves when it answers. */
export async function startRedis (binary: string, { dir, port, password, durable }: LocalOptions): Promise<LocalStore> {
  await mkdir(dir, { recursive: true })
  const server = startServer({
    file: binary,
    args: ['-'],
    input: redisConf({ dir, port, password, durable }),
    stopSignal: 'SIGTERM'
  })
  const url = `redis://:${password}@127.0.0.1:${port}`
  try {
    await untilAnswers({ what: `Redis on port ${port}`, ask: () => askRedis(url), timeoutMs: 15_000, ...server })
  } catch (err) {
    await server.stop()
    throw err
  }
  return { url, stop: server.stop }
}

/** Given on standard input: arguments, and a password among them, are for everyone on the machine to read. */
export function redisConf ({ dir, port, password, durable }: LocalOptions): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'daemonize no',
    'maxmemory-policy noeviction',      // a queue must never lose a key to make room
    ''
  ].join('\n')
}
