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
    /** The process was started without a cgroup or a network namespace of its own: then these are not measured. */
    hasNoCgroup: env.isNone('OWN_CGROUP'),
    hasNoNetwork: env.isNone('OWN_NETWORK'),
    workEndpoints: env.oneOf('WORK_ENDPOINTS', ['on', 'off'], 'on') === 'on',
    name: hostname(),
    /** One job at a time, so that everything the container used while a job ran was used by that job. */
    concurrency: env.whole('CONCURRENCY', { fallback: 1, min: 1, max: 64 }),
    attempts: env.whole('ATTEMPTS', { fallback: 3, min: 1, max: 100 }),
    jobTimeoutMs: env.whole('JOB_TIMEOUT_MS', { fallback: 120_000, min: 10, max: 86_400_000 }),
    /** How long a stopping worker lets the current job continue before it gives the job back. */
    drainMs: env.whole('DRAIN_MS', { fallback: 6000, min: 0, max: 600_000 }),
    /** How long a lock on a job lives without renewal: the job of a lost worker is taken up again after this. */
    lockMs: env.whole('LOCK_MS', { fallback: 5000, min: 1000, max: 600_000 }),
    reconcileMs: env.whole('RECONCILE_MS', { fallback: 3000, min: 100, max: 3_600_000 }),
    /** A job's process that was idle for this long is ended: an idle one holds about 40 MiB. */
    runnerIdleMs: env.whole('RUNNER_IDLE_MS', { fallback: 5000, min: 0, max: 3_600_000 }),
    /** V8's heap limit in a job's process, in MiB; 0 leaves it to V8. */
    runnerHeapMib: env.whole('RUNNER_HEAP_MIB', { fallback: 0, min: 0, max: 1_048_576 }),
    scratch: env.text('SCRATCH', '/scratch'),
    tmpfs: env.text('TMPFS', '/dev/shm'),
    /** scripts/http-get.sh, which the container's health check runs, at its path in the image. */
    httpGet: env.text('HTTP_GET', '/usr/local/bin/http-get'),
    searchPath: environment.PATH ?? ''
  }
  env.check()
  return config
}

export type Config = ReturnType<typeof readConfig>
