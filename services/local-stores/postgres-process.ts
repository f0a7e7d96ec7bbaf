import { existsSync } from 'node:fs'
import path from 'node:path'
import { askPostgres } from './ask.ts'
import type { LocalOptions, LocalStore } from './local-store.ts'
import { createPostgresData } from './postgres-data.ts'
import { POSTGRES_ENV, postgresProgram } from './postgres-program.ts'
import { serverAccount } from './server-account.ts'
import { startServer } from './server-process.ts'

/** Starts Postgres on 127.0.0.1 with its data in `dir/data`, made on the first start. Resolves when it answers. */
export async function startPostgres ({ dir, port, password, durable }: LocalOptions): Promise<LocalStore> {
  const account = await serverAccount()
  const program = await postgresProgram(path.join(dir, 'program'))
  const data = path.join(dir, 'data')
  if (!existsSync(data)) await createPostgresData({ program, data, password, durable, account })

  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const server = await startServer({
    file: program.postgres,
    args: ['-D', data, ...settings(port, durable)],
    stopSignal: 'SIGINT',      // Postgres's "fast" stop: ends sessions instead of waiting for them
    options: { env: POSTGRES_ENV, cwd: '/', ...account }
  }, { what: `Postgres on port ${port}`, ask: () => askPostgres(url), timeoutMs: 30_000 })
  return { url, stop: () => server.stop() }
}

function settings (port: number, durable: boolean): string[] {
  const common = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC']
  const hurried = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return [...common, ...hurried].flatMap(setting => ['-c', setting])
}
