import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join, resolve } from 'node:path'
import { askPostgres, askRedis } from '#scripts/local-stores/ask.ts'
import { postgresCommand, type Account } from '#scripts/local-stores/postgres.ts'
import { redisConf } from '#scripts/local-stores/redis.ts'
import { readPassword } from '#shared/process/password-file.ts'
import type { ServiceSpec } from './compose-file.ts'
import type { Data } from './data.ts'

/** One service, with everything that is needed to run it as a plain process. */
export interface ServiceDefinition {
  service: string
  command: string[]
  /** A command that runs before the account changes, and ends by starting the command that follows it. */
  first?: string[]
  env: Record<string, string>
  /** Written to its standard input: text that must not appear in the list of processes. */
  input?: string
  account: Account | null
  limits: Pick<ServiceSpec, 'limits' | 'settings'>
  /** The port on which it listens. */
  port: number
  stopSignal: NodeJS.Signals
  /** From the stop signal to the kill. */
  graceMs: number
  /** Throws as long as the service is not ready. */
  ready: () => Promise<unknown>
}

export interface Ports { api: number, worker: number, lab: number, postgres: number, redis: number }

export interface Surroundings {
  specs: Record<string, ServiceSpec>
  ports: Ports
  data: Data
  postgresAccount: Account | null
  redisServer: string
  searchPath: string
  /** Settings for all our services that depend on this machine, and further ones for the lab. */
  machineSettings: Record<string, string>
  labSettings: Record<string, string>
}

const host = '127.0.0.1'
const writeWhoami = resolve('scripts/write-whoami.sh')

export async function postgres (surroundings: Surroundings): Promise<ServiceDefinition> {
  const { specs, ports, data, postgresAccount, searchPath } = surroundings
  const password = readPassword(data.secrets.postgres)
  const options = { dir: data.postgres, port: ports.postgres, password, durable: true }
  const { file, args, env, url } = await postgresCommand(options, postgresAccount, searchPath)
  return {
    service: 'postgres',
    command: [file, ...args, ...postgresSettings(readFileSync('services/postgres/postgresql.conf', 'utf8'))],
    env,
    account: postgresAccount,
    limits: specs.postgres!,
    port: ports.postgres,
    stopSignal: 'SIGINT',        // "fast": it ends sessions instead of waiting for them
    graceMs: 30_000,
    ready: () => askPostgres(url)
  }
}

/** The settings in the file, as arguments, except for the address, which is decided here. */
export function postgresSettings (conf: string): string[] {
  const settings = conf.split(/\r?\n/)
    .map(line => /^(\w+) = '?([^'#]*?)'?\s*(?:#.*)?$/.exec(line))
    .filter(match => match !== null)
  return settings.filter(([, name]) => name !== 'listen_addresses')
    .flatMap(([, name, value]) => ['-c', `${name}=${value}`])
}

export function redis ({ specs, ports, data, redisServer, searchPath }: Surroundings): ServiceDefinition {
  const password = readPassword(data.secrets.redis)
  const conf = redisConf({ dir: data.redis, port: ports.redis, password, durable: true })
  return {
    service: 'redis',
    command: [redisServer, '-'],
    input: `${conf}maxmemory ${specs.redis!.environment.REDIS_MAXMEMORY}\n`,
    env: { PATH: searchPath },
    account: null,
    limits: specs.redis!,
    port: ports.redis,
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
    ready: () => askRedis(`redis://:${encodeURIComponent(password)}@${host}:${ports.redis}`)
  }
}

/** The same flags as in the Dockerfiles, which explain them. */
const nodeFlags = {
  api: ['--max-semi-space-size=4', '--heap-growing-percent=20'],
  worker: ['--max-semi-space-size=4', '--heap-growing-percent=20'],
  lab: ['--optimize-for-size', '--no-allocation-site-pretenuring', '--heap-growing-percent=5']
}

/** One of our own services, with its environment from compose.yaml and the paths and addresses of this machine. */
export function nodeService (service: 'api' | 'worker' | 'lab', surroundings: Surroundings): ServiceDefinition {
  const { specs, ports, data, searchPath, machineSettings, labSettings } = surroundings
  const own = {
    api: { DOCS_ASSETS: 'node_modules/swagger-ui-dist' },
    worker: { SCRATCH: data.scratch, HTTP_GET: resolve('scripts/http-get.sh') },
    lab: {
      API_URL: `http://${host}:${ports.api}`,
      WORKER_URL: `http://${host}:${ports.worker}`,
      WEB_ASSETS: 'dist/web',
      ...labSettings
    }
  }
  return {
    service,
    command: [process.execPath, ...nodeFlags[service], `dist/${service}/main.js`],
    env: {
      ...specs[service]!.environment,
      ...common(ports, data),
      ...machineSettings,
      ...own[service],
      PORT: String(ports[service]),
      HOST: host,
      PATH: searchPath,
      NODE_ENV: 'production'
    },
    account: null,
    limits: specs[service]!,
    port: ports[service],
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
    ready: () => ready(ports[service])
  }
}

function common (ports: Ports, data: Data): Record<string, string> {
  return {
    DATABASE_URL: `postgres://postgres@${host}:${ports.postgres}/postgres`,
    DATABASE_PASSWORD_FILE: data.secrets.postgres,
    REDIS_URL: `redis://${host}:${ports.redis}`,
    REDIS_PASSWORD_FILE: data.secrets.redis,
    MIGRATIONS: 'services/postgres/migrations'
  }
}

function ready (port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host, port, path: '/readyz', timeout: 2000 }, res => {
      res.resume()
      if (res.statusCode === 200) resolve()
      else reject(new Error(`/readyz says ${res.statusCode}`))
    }).on('error', reject)
  })
}

/** The same store, which first writes down what it sees of itself, for the experiments about namespaces. */
export function withWhoami (definition: ServiceDefinition, { whoami }: Data): ServiceDefinition {
  return {
    ...definition,
    first: ['bash', writeWhoami],
    env: { ...definition.env, WHOAMI: join(whoami, definition.service) }
  }
}
