import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '#scripts/local-stores/free-port.ts'
import type { LocalOptions } from '#scripts/local-stores/local-store.ts'
import { onProcessDeath } from '#scripts/local-stores/on-process-death.ts'
import { startPostgres } from '#scripts/local-stores/postgres.ts'
import { redisServerBinary } from '#scripts/local-stores/redis-server-binary.ts'
import { startRedis } from '#scripts/local-stores/redis.ts'
import { putAwayLater } from './put-away.ts'

/** Postgres as a process of this machine, from node_modules. Resolves to its url. */
export async function localPostgres (): Promise<string> {
  const { url, stop } = await startPostgres(await throwaway('postgres'))
  putAwayLater(stop)
  return url
}

/** Redis as a process of this machine, from PATH. Resolves to its url. */
export async function localRedis (): Promise<string> {
  const binary = await redisServerBinary(console.log)
  const { url, stop } = await startRedis(binary, await throwaway('redis'))
  putAwayLater(stop)
  return url
}

async function throwaway (name: string): Promise<LocalOptions> {
  return { dir: await temporaryDir(name), port: await freePort(), password: randomBytes(12).toString('hex'), durable: false }
}

async function temporaryDir (name: string): Promise<string> {
  // Root's own TMPDIR may be closed to the account that runs Postgres.
  const dir = await mkdtemp(path.join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), `limits-lab-${name}-`))
  // Repeated: a server that is still stopping may write a file into the directory being removed.
  const will = onProcessDeath(`for i in $(seq 50); do rm -rf '${dir}' && exit; sleep 0.2; done`)
  putAwayLater(async () => {
    await rm(dir, { recursive: true, force: true })
    will.takeBack()
  })
  await chmod(dir, 0o755)      // for the same account
  return dir
}
