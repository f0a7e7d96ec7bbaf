import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { onProcessDeath } from '#scripts/local-stores/on-process-death.ts'
import { startPostgres } from '#scripts/local-stores/postgres.ts'
import { redisServerBinary, startRedis } from '#scripts/local-stores/redis.ts'
import type { LocalOptions } from '#scripts/local-stores/server-process.ts'
import { putAwayLater } from './put-away.ts'

/** Starts Postgres from node_modules as a process on this machine. Resolves to its URL. */
export async function localPostgres (): Promise<string> {
  const { url, stop } = await startPostgres(await throwaway('postgres'), process.env.PATH ?? '')
  putAwayLater(stop)
  return url
}

/** Starts the Redis in PATH as a process on this machine. Resolves to its URL. */
export async function localRedis (): Promise<string> {
  const binary = await redisServerBinary(process.env, console.log)
  const { url, stop } = await startRedis(binary, await throwaway('redis'))
  putAwayLater(stop)
  return url
}

async function throwaway (name: string): Promise<LocalOptions> {
  return {
    dir: await temporaryDir(name),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    durable: false
  }
}

async function temporaryDir (name: string): Promise<string> {
  // The account that runs Postgres may be unable to enter root's own TMPDIR.
  const dir = await mkdtemp(path.join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), `limits-lab-${name}-`))
  // Repeated: a server that is still stopping may write a file into the directory being removed.
  const cleanup = onProcessDeath(`for i in $(seq 50); do rm -rf '${dir}' && exit; sleep 0.2; done`)
  putAwayLater(async () => {
    await rm(dir, { recursive: true, force: true })
    cleanup.cancel()
  })
  await chmod(dir, 0o755)      // so that this account can enter it
  return dir
}
