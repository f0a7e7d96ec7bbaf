import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { askPostgres } from './ask.ts'
import { postgresProgram, type PostgresProgram } from './postgres-program.ts'
import { serverAccount, type Account } from './server-account.ts'
import { startServer } from './server-process.ts'
import { untilAnswers } from './until-answers.ts'

const run = promisify(execFile)

// Nothing of ours: PGDATA, PGPORT, LANG and TZ would all change what the server does.
const ENV = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }

export interface LocalStore {
  url: string
  stop (): Promise<void>
}

export interface LocalOptions {
  /** Everything the store writes. For Postgres started by root, every directory above it must be open to all. */
  dir: string
  port: number
  /** Letters and digits: it stands in the url. Data that is there already keeps the password it was made with. */
  password: string
  /** `false` = data that may be lost, as in a test: nothing waits for the disk. */
  durable: boolean
}

/** Starts Postgres on 127.0.0.1 with its data in `dir/data`, made on the first start. Resolves when it answers. */
export async function startPostgres ({ dir, port, password, durable }: LocalOptions): Promise<LocalStore> {
  const account = await serverAccount()
  const program = await postgresProgram(path.join(dir, 'program'))
  const data = path.join(dir, 'data')
  if (!existsSync(data)) await createData(program, data, password, account)

  const server = startServer({
    file: program.postgres,
    args: ['-D', data, ...settings(port, durable)],
    stopSignal: 'SIGINT',      // Postgres's "fast" stop: ends sessions instead of waiting for them
    options: { env: ENV, cwd: '/', ...account }
  })
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  try {
    await untilAnswers({ what: `Postgres on port ${port}`, ask: () => askPostgres(url), timeoutMs: 30_000, ...server })
  } catch (err) {
    await server.stop()
    throw err
  }
  return { url, stop: server.stop }
}

function settings (port: number, durable: boolean): string[] {
  const common = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC']
  const hurried = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return [...common, ...hurried].flatMap(setting => ['-c', setting])
}

/** initdb into a directory of another name, so that one cut short is never taken for a database. */
async function createData (program: PostgresProgram, data: string, password: string, account: Account | null): Promise<void> {
  const unfinished = `${data}.unfinished`
  const passwordFile = `${data}.password`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) await Promise.all([unfinished, passwordFile].map(file => chown(file, account.uid, account.gid)))
  try {
    await run(program.initdb, initdbArgs(unfinished, passwordFile), { env: ENV, cwd: '/', ...account })
  } finally {
    await rm(passwordFile)
  }
  await chmod(unfinished, 0o700)
  await rename(unfinished, data)
}

function initdbArgs (data: string, passwordFile: string): string[] {
  // The locale built into Postgres is the same everywhere; the system's may not even be installed.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  return [`--pgdata=${data}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync', '--no-instructions', ...locale]
}
