import { hostname } from 'node:os'
import { Env, type Environment } from '#shared/process/env.ts'

/** @throws ConfigError naming every setting that is missing or wrong */
export function readConfig (environment: Environment) {
  const env = new Env(environment)
  const config = {
    ...env.service({ port: 9464, shutdownMs: 12_000 }),
    databaseUrl: env.url('DATABASE_URL', 'DATABASE_PASSWORD_FILE'),
    databaseConnections: env.whole('DATABASE_CONNECTIONS', { fallback: 3, min: 1, max: 100 }),
    redisUrl: env.url('REDIS_URL', 'REDIS_PASSWORD_FILE'),
    migrations: env.text('MIGRATIONS', 'services/postgres/migrations'),
    allowedHosts: env.hosts('WORKER_ALLOWED_HOSTS'),
    queuePrefix: env.text('QUEUE_PREFIX', 'limits-lab'),
    /** Whoever started it made no cgroup, or no network namespace, for it: then nothing is measured there. */
    hasNoCgroup: env.isNone('OWN_CGROUP'),
    hasNoNetwork: env.isNone('OWN_NETWORK'),
    workEndpoints: env.oneOf('WORK_ENDPOINTS', ['on', 'off'], 'on') === 'on',
    name: hostname(),
    /** One at a time, so that what the container used while a job ran was used by that job. */
    concurrency: env.whole('CONCURRENCY', { fallback: 1, min: 1, max: 64 }),
    attempts: env.whole('ATTEMPTS', { fallback: 3, min: 1, max: 100 }),
    jobTimeoutMs: env.whole('JOB_TIMEOUT_MS', { fallback: 120_000, min: 10, max: 86_400_000 }),
    /** How long a stopping worker lets the job in hand go on before it gives it back. */
    drainMs: env.whole('DRAIN_MS', { fallback: 6000, min: 0, max: 600_000 }),
    /** How long a lock on a job lives that is not renewed: a lost worker's job is taken up again after this. */
    lockMs: env.whole('LOCK_MS', { fallback: 5000, min: 1000, max: 600_000 }),
    reconcileMs: env.whole('RECONCILE_MS', { fallback: 3000, min: 100, max: 3_600_000 }),
    /** A job's process that had nothing to do for so long is ended: at rest it would hold about 40 MiB. */
    runnerIdleMs: env.whole('RUNNER_IDLE_MS', { fallback: 5000, min: 0, max: 3_600_000 }),
    /** V8's ceiling in a job's process, in MiB; 0 leaves it to V8. */
    runnerHeapMib: env.whole('RUNNER_HEAP_MIB', { fallback: 0, min: 0, max: 1_048_576 }),
    scratch: env.text('SCRATCH', '/scratch'),
    tmpfs: env.text('TMPFS', '/dev/shm'),
    /** scripts/http-get.sh, where the image has it: what the container's health check runs. */
    httpGet: env.text('HTTP_GET', '/usr/local/bin/http-get'),
    searchPath: environment.PATH ?? ''
  }
  env.check()
  return config
}

export type Config = ReturnType<typeof readConfig>
