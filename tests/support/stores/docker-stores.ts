import { randomBytes } from 'node:crypto'
import { askPostgres, askRedis } from '#scripts/local-stores/ask.ts'
import { startContainer } from './docker-container.ts'

/** Postgres in a container, its data in memory. Resolves to its url. */
export async function dockerPostgres (): Promise<string> {
  const password = randomBytes(12).toString('hex')
  return await startContainer({
    image: 'postgres:18-trixie',
    port: 5432,
    options: ['--memory', '512m', '--tmpfs', '/var/lib/postgresql', '--env', 'POSTGRES_PASSWORD'],
    args: ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'],
    env: { POSTGRES_PASSWORD: password },
    urlOf: port => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    ask: askPostgres
  })
}

/** Redis in a container that saves nothing. Resolves to its url. */
export async function dockerRedis (): Promise<string> {
  const password = randomBytes(12).toString('hex')
  return await startContainer({
    image: 'redis:8-trixie',
    port: 6379,
    options: ['--memory', '256m', '--tmpfs', '/data'],
    args: ['redis-server', '--save', '', '--appendonly', 'no', '--requirepass', password],
    urlOf: port => `redis://:${password}@127.0.0.1:${port}`,
    ask: askRedis
  })
}
