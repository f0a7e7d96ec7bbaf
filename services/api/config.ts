import { Env, type Environment } from '#shared/process/env.ts'

/** The most that one request or one job may ask for. */
export interface Bounds {
  sleepMs: number
  cpuMs: number
  threads: number
  memoryMib: number
  holdMs: number
  fileMib: number
  tmpfsMib: number
  processes: number
  probes: number
  workCpuMs: number
  workMemoryMib: number
}

const HOUR_MS = 3_600_000

/** @throws ConfigError naming every setting that is missing or wrong */
export function readConfig (environment: Environment) {
  const env = new Env(environment)
  const config = {
    ...env.service({ port: 3000, shutdownMs: 8000 }),
    databaseUrl: env.url('DATABASE_URL', 'DATABASE_PASSWORD_FILE'),
    databaseConnections: env.whole('DATABASE_CONNECTIONS', { fallback: 5, min: 1, max: 100 }),
    redisUrl: env.url('REDIS_URL', 'REDIS_PASSWORD_FILE'),
    migrations: env.text('MIGRATIONS', 'services/postgres/migrations'),
    docsAssets: env.text('DOCS_ASSETS', 'node_modules/swagger-ui-dist'),
    version: env.text('VERSION', 'dev'),
    allowedHosts: env.hosts('API_ALLOWED_HOSTS'),
    queuePrefix: env.text('QUEUE_PREFIX', 'limits-lab'),
    /** The process was started without a cgroup or a network namespace of its own: then these are not measured. */
    hasNoCgroup: env.isNone('OWN_CGROUP'),
    hasNoNetwork: env.isNone('OWN_NETWORK'),
    workEndpoints: env.oneOf('WORK_ENDPOINTS', ['on', 'off'], 'on') === 'on',
    bodyBytes: env.whole('MAX_BODY_BYTES', { fallback: 16_384, min: 256, max: 1_048_576 }),
    bounds: readBounds(env)
  }
  env.check()
  return config
}

function readBounds (env: Env): Bounds {
  return {
    sleepMs: env.whole('MAX_SLEEP_MS', { fallback: 60_000, min: 1, max: HOUR_MS }),
    cpuMs: env.whole('MAX_CPU_MS', { fallback: 60_000, min: 1, max: HOUR_MS }),
    threads: env.whole('MAX_THREADS', { fallback: 32, min: 1, max: 1024 }),
    memoryMib: env.whole('MAX_MEMORY_MIB', { fallback: 4096, min: 1, max: 1_048_576 }),
    holdMs: env.whole('MAX_HOLD_MS', { fallback: 60_000, min: 1, max: HOUR_MS }),
    fileMib: env.whole('MAX_FILE_MIB', { fallback: 2048, min: 1, max: 1_048_576 }),
    tmpfsMib: env.whole('MAX_TMPFS_MIB', { fallback: 128, min: 0, max: 1_048_576 }),
    processes: env.whole('MAX_PROCESSES', { fallback: 1000, min: 1, max: 100_000 }),
    probes: env.whole('MAX_PROBES', { fallback: 1000, min: 1, max: 100_000 }),
    workCpuMs: env.whole('MAX_WORK_CPU_MS', { fallback: 2000, min: 1, max: 60_000 }),
    workMemoryMib: env.whole('MAX_WORK_MEMORY_MIB', { fallback: 1024, min: 1, max: 1_048_576 })
  }
}

export type Config = ReturnType<typeof readConfig>
