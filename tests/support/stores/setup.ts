import { dockerAnswers } from './docker-container.ts'
import { dockerPostgres, dockerRedis } from './docker-stores.ts'
import { localPostgres, localRedis } from './local-stores.ts'
import { putAwayAll, putAwayLater } from './put-away.ts'
import { chooseSources } from './source.ts'

/** Jest calls this before the integration tests. They read DATABASE_URL and REDIS_URL, wherever these came from. */
export default async function setup (): Promise<void> {
  const { env } = process
  const isGiven = Boolean(env.DATABASE_URL && env.REDIS_URL)
  const { postgres, redis } = chooseSources({ env, dockerAnswers: !isGiven && await dockerAnswers() })
  console.log(`\nintegration tests: Postgres ${postgres}, Redis ${redis}`)

  // Wait for both, even if one fails: a store that is still starting could not be put away.
  const outcomes = await Promise.allSettled([
    provide('DATABASE_URL', { given: null, docker: dockerPostgres, local: localPostgres }[postgres]),
    provide('REDIS_URL', { given: null, docker: dockerRedis, local: localRedis }[redis])
  ])
  const failures = outcomes.flatMap(outcome => outcome.status === 'rejected' ? [outcome.reason as Error] : [])
  if (failures.length === 0) return
  await putAwayAll()
  throw failures.length === 1 ? failures[0] : new Error(failures.map(failure => failure.message).join('\n\n'))
}

async function provide (name: 'DATABASE_URL' | 'REDIS_URL', start: (() => Promise<string>) | null): Promise<void> {
  if (start === null) return
  process.env[name] = await start()
  putAwayLater(() => { delete process.env[name] })      // otherwise the next run in watch mode would take it for given
}
