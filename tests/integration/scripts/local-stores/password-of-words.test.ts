import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { askPostgres, askRedis } from '#scripts/local-stores/ask.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { startPostgres } from '#scripts/local-stores/postgres.ts'
import { redisServerBinary, startRedis } from '#scripts/local-stores/redis.ts'
import type { LocalStore } from '#scripts/local-stores/server-process.ts'
import { Env } from '#shared/process/env.ts'
import { until } from '#support/until.ts'

const START_MS = 120_000
const run = promisify(execFile)

let directory: string
let redisServer: string
beforeAll(async () => {
  redisServer = await redisServerBinary(process.env, console.log)
  // Root's own TMPDIR may be closed to the account that runs Postgres.
  directory = mkdtempSync(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'limits-lab-password-'))
  chmodSync(directory, 0o755)
}, 300_000)
afterAll(() => { rmSync(directory, { recursive: true, force: true }) })

const passwords: Array<[string, string]> = [
  ['words', 'correct horse battery staple'],
  ['every character that is special somewhere', ' a"b\'c\\x41 \\ #%41@:/?&$(d)`e`\t'],
  ['letters beyond ASCII', 'pä 🐎']
]

/** Makes the full URL as a service does, from a URL without the password and the file that holds it. */
function fullUrl (url: string, password: string): string {
  const file = join(directory, `password-${Math.random()}`)
  writeFileSync(file, `${password}\r\n`)
  const env = new Env({ STORE: url, PASSWORD_FILE: file })
  const full = env.url('STORE', 'PASSWORD_FILE')
  env.check()
  return full
}

async function using (starting: Promise<LocalStore>, use: () => Promise<void>): Promise<void> {
  const store = await starting
  try { await use() } finally { await store.stop() }
}

test.each(passwords)(
  'case 19: a Redis on this machine whose password is %s accepts a service with it, and refuses another password',
  async (_case, password) => {
    const port = await freePort()
    await using(
      startRedis(redisServer, { dir: join(directory, `redis ${port}`), port, password, durable: false }),
      async () => {
        await askRedis(fullUrl(`redis://127.0.0.1:${port}`, password))
        await expect(askRedis(fullUrl(`redis://127.0.0.1:${port}`, `${password}x`))).rejects.toThrow('WRONGPASS')
      }
    )
  },
  START_MS
)

test.each(passwords.slice(1))('case 19: a Postgres on this machine whose password is %s accepts a service with it, and refuses another password', async (_case, password) => {
  const port = await freePort()
  const options = { dir: join(directory, `postgres-${port}`), port, password, durable: false }
  await using(startPostgres(options, process.env.PATH!), async () => {
    await askPostgres(fullUrl(`postgres://postgres@127.0.0.1:${port}/postgres`, password))
    await expect(askPostgres(fullUrl(`postgres://postgres@127.0.0.1:${port}/postgres`, `${password}x`))).rejects.toThrow('password authentication failed')
  })
}, START_MS)

test.each(passwords)('case 19: the Redis of the containers whose password is %s accepts a service with it, and its health check passes', async (_case, password) => {
  const port = await freePort()
  const env = environmentOfImage(port)
  writeFileSync(env.REDIS_PASSWORD_FILE, password)
  const isHealthy = () => run('bash', ['services/redis/healthcheck.sh'], { env }).then(() => true, () => false)
  const server = spawn('bash', ['services/redis/start-redis.sh'], { env, stdio: 'ignore' })
  const ended = once(server, 'exit')
  try {
    await until(isHealthy, { what: 'the health check to pass', timeoutMs: 15_000 })
    await askRedis(fullUrl(`redis://127.0.0.1:${port}`, password))
    writeFileSync(env.REDIS_PASSWORD_FILE, `${password}x`)
    expect(await isHealthy()).toBe(false)
  } finally {
    server.kill()
    await ended
  }
}, START_MS)

/** The programs and the configuration of the image, but with the data in a directory of the test. */
function environmentOfImage (port: number) {
  const home = mkdtempSync(join(directory, `image-${port}-`))
  symlinkSync(resolve('scripts/read-password.sh'), join(home, 'read-password'))
  symlinkSync(redisServer, join(home, 'redis-server'))
  writeFileSync(
    join(home, 'redis.conf'),
    readFileSync('services/redis/redis.conf', 'utf8').replace(/^dir .*/m, `dir ${home}`)
  )
  return {
    PATH: `${home}:${process.env.PATH}`,
    PORT: String(port),
    REDIS_CONF: join(home, 'redis.conf'),
    REDIS_MAXMEMORY: '80mb',
    REDIS_PASSWORD_FILE: join(home, 'password')
  }
}
