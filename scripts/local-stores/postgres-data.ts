import { execFile } from 'node:child_process'
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { POSTGRES_ENV, type PostgresProgram } from './postgres-program.ts'
import type { Account } from './server-account.ts'

const run = promisify(execFile)

export interface NewData {
  program: PostgresProgram
  data: string
  password: string
  durable: boolean
  account: Account | null
}

/** Runs initdb in a directory of another name, so that one cut short is never taken for a database. */
export async function createPostgresData ({ program, data, password, durable, account }: NewData): Promise<void> {
  const unfinished = `${data}.unfinished`
  const passwordFile = `${data}.password`
  await Promise.all([unfinished, passwordFile].map(file => rm(file, { recursive: true, force: true })))
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) await Promise.all([unfinished, passwordFile].map(file => chown(file, account.uid, account.gid)))
  try {
    await run(program.initdb, initdbArgs(unfinished, passwordFile, durable), { env: POSTGRES_ENV, cwd: '/', ...account })
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
