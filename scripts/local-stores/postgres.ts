import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { askPostgres } from './ask.ts'
import { postgresProgram, type PostgresProgram } from './postgres-program.ts'
import { startServer, type LocalOptions, type LocalStore } from './server-process.ts'

const run = promisify(execFile)

export interface PostgresCommand { file: string, args: string[], env: Record<string, string>, url: string }

/** The account that a program runs under. */
export interface Account {
  uid: number
  gid: number
}

/**
 * The command that starts Postgres on 127.0.0.1. Its data are in `dir/data`, which is made now if it does not exist.
 */
export async function postgresCommand (
  { dir, port, password, durable }: LocalOptions, account: Account | null, searchPath: string
): Promise<PostgresCommand> {
  const program = await postgresProgram(path.join(dir, 'program'))
  const data = path.join(dir, 'data')
  const env = environment(searchPath)
  if (!existsSync(data)) await createData({ program, env, data, password, durable, account })
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
  return { file: program.postgres, args: ['-D', data, ...settings(port, durable)], env, url }
}

/** Starts Postgres in the same way, and resolves when it answers. */
export async function startPostgres (options: LocalOptions, searchPath: string): Promise<LocalStore> {
  const account = await serverAccount()
  const { file, args, env, url } = await postgresCommand(options, account, searchPath)
  const server = await startServer({
    file,
    args,
    stopSignal: 'SIGINT',      // Postgres's "fast" stop: it ends sessions instead of waiting for them
    options: { env, cwd: '/', ...account }
  }, { what: `Postgres on port ${options.port}`, ask: () => askPostgres(url), timeoutMs: 30_000 })
  return { url, stop: () => server.stop() }
}

/**
 * The account for a server that refuses to run as root; `null` if our own account will do.
 * `nobody` exists on every system, so we never make an account that would have to be removed again.
 */
export async function serverAccount (): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const ids = ['-u', '-g'].map(async flag => Number((await run('id', [flag, 'nobody'])).stdout))
  const [uid, gid] = await Promise.all(ids)
  return { uid: uid!, gid: gid! }
}

/**
 * We pass on nothing of our own environment but PATH: PGDATA, PGPORT, LANG and TZ would all change what Postgres does.
 */
function environment (searchPath: string): Record<string, string> {
  return { PATH: searchPath, LC_ALL: 'C', TZ: 'UTC' }
}

function settings (port: number, durable: boolean): string[] {
  const common = [
    `port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'
  ]
  const hurried = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return [...common, ...hurried].flatMap(setting => ['-c', setting])
}

interface NewData {
  program: PostgresProgram
  env: Record<string, string>
  data: string
  password: string
  durable: boolean
  account: Account | null
}

/** Runs initdb in a directory with another name, so that an interrupted one is never taken for a database. */
async function createData ({ program, env, data, password, durable, account }: NewData): Promise<void> {
  const unfinished = `${data}.unfinished`
  const passwordFile = `${data}.password`
  await Promise.all([unfinished, passwordFile].map(file => rm(file, { recursive: true, force: true })))
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) await Promise.all([unfinished, passwordFile].map(file => chown(file, account.uid, account.gid)))
  try {
    await run(program.initdb, initdbArgs(unfinished, passwordFile, durable), { env, cwd: '/', ...account })
  } finally {
    await rm(passwordFile)
  }
  await rename(unfinished, data)
}

function initdbArgs (data: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The locale built into Postgres is the same everywhere; the system's may not even be installed.
    '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...durable ? [] : ['--no-sync']
  ]
}
