import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join, resolve } from 'node:path'
import { askPostgres, askRedis } from '#scripts/local-stores/ask.ts'
import { postgresCommand } from '#scripts/local-stores/postgres.ts'
import { redisConf } from '#scripts/local-stores/redis.ts'
import type { Account } from '#scripts/local-stores/server-account.ts'
import { readPassword } from '#shared/process/password-file.ts'
import type { ServiceSpec } from './compose-file.ts'
import type { Data } from './data.ts'
import type { ServiceDefinition } from './service-process.ts'

export interface Ports { api: number, worker: number, lab: number, postgres: number, redis: number }

export interface Surroundings {
  specs: Record<string, ServiceSpec>
  ports: Ports
  data: Data
  postgresAccount: Account | null
  redisServer: string
  searchPath: string
  /** What our services are told of the place they are in, and the lab beside that. */
  placeSettings: Record<string, string>
  labSettings: Record<string, string>
}

const host = '127.0.0.1'
const tellWhoami = resolve('scripts/tell-whoami.sh')

export async function postgres ({ specs, ports, data, postgresAccount, searchPath }: Surroundings): Promise<ServiceDefinition> {
  const options = { dir: data.postgres, port: ports.postgres, password: readPassword(data.secrets.postgres), durable: true }
  const { file, args, env, url } = await postgresCommand(options, postgresAccount)
  return {
    service: 'postgres',
    command: [file, ...args, ...postgresSettings(readFileSync('services/postgres/postgresql.conf', 'utf8'))],
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: env.PATH ?? searchPath },
    account: postgresAccount,
    limits: specs.postgres!,
    port: ports.postgres,
    stopSignal: 'SIGINT',        // "fast": ends sessions instead of waiting for them
    graceMs: 30_000,
    ready: () => askPostgres(url)
  }
}

/** What the file sets, as arguments; where it listens is decided here. */
export function postgresSettings (conf: string): string[] {
  const settings = conf.split(/\r?\n/).map(line => /^(\w+) = '?([^'#]*?)'?\s*(?:#.*)?$/.exec(line)).filter(match => match !== null)
  return settings.filter(([, name]) => name !== 'listen_addresses').flatMap(([, name, value]) => ['-c', `${name}=${value}`])
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

/** As in their Dockerfiles, which say why. */
const nodeFlags = {
  api: ['--optimize-for-size'],
  worker: ['--optimize-for-size'],
  lab: ['--optimize-for-size', '--no-allocation-site-pretenuring', '--heap-growing-percent=5']
}

/** Our own services: the environment that compose.yaml gives them, with the places and addresses of this machine. */
export function nodeService (service: 'api' | 'worker' | 'lab', surroundings: Surroundings): ServiceDefinition {
  const { specs, ports, data, searchPath, placeSettings, labSettings } = surroundings
  const own = {
    api: { DOCS_ASSETS: 'node_modules/swagger-ui-dist' },
    worker: { SCRATCH: data.scratch, HTTP_GET: resolve('scripts/http-get.sh') },
    lab: { API_URL: `http://${host}:${ports.api}`, WORKER_URL: `http://${host}:${ports.worker}`, WEB_ASSETS: 'dist/web', ...labSettings }
  }
  return {
    service,
    command: [process.execPath, ...nodeFlags[service], `dist/${service}/main.js`],
    env: { ...specs[service]!.environment, ...common(ports, data), ...placeSettings, ...own[service], PORT: String(ports[service]), HOST: host, PATH: searchPath, NODE_ENV: 'production' },
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

/** Before the store itself starts, it writes down what it sees (for the experiments with namespaces). */
export function telling (definition: ServiceDefinition, { whoami }: Data): ServiceDefinition {
  return { ...definition, first: ['bash', tellWhoami], env: { ...definition.env, WHOAMI: join(whoami, definition.service) } }
}
