import { existsSync } from 'node:fs'
import path from 'node:path'
import { askPostgres } from './ask.ts'
import type { LocalOptions, LocalStore } from './local-store.ts'
import { createPostgresData } from './postgres-data.ts'
import { POSTGRES_ENV, postgresProgram } from './postgres-program.ts'
import { serverAccount, type Account } from './server-account.ts'
import { startServer } from './server-process.ts'

export interface PostgresCommand { file: string, args: string[], env: NodeJS.ProcessEnv, url: string }

/** What starts Postgres on 127.0.0.1 with its data in `dir/data`, which is made now unless it is there. */
export async function postgresCommand ({ dir, port, password, durable }: LocalOptions, account: Account | null): Promise<PostgresCommand> {
  const program = await postgresProgram(path.join(dir, 'program'))
  const data = path.join(dir, 'data')
  if (!existsSync(data)) await createPostgresData({ program, data, password, durable, account })
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
  return { file: program.postgres, args: ['-D', data, ...settings(port, durable)], env: POSTGRES_ENV, url }
}

/** The same, started. Resolves when it answers. */
export async function startPostgres (options: LocalOptions): Promise<LocalStore> {
  const account = await serverAccount()
  const { file, args, env, url } = await postgresCommand(options, account)
  const server = await startServer({
    file,
    args,
    stopSignal: 'SIGINT',      // Postgres's "fast" stop: ends sessions instead of waiting for them
    options: { env, cwd: '/', ...account }
  }, { what: `Postgres on port ${options.port}`, ask: () => askPostgres(url), timeoutMs: 30_000 })
  return { url, stop: () => server.stop() }
}

function settings (port: number, durable: boolean): string[] {
  const common = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC']
  const hurried = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return [...common, ...hurried].flatMap(setting => ['-c', setting])
}
